using System.Globalization;
using Npgsql;

namespace Portal.Web.Features.Stats.History;

/// <summary>Makes and drops the partitions of the tables of points.</summary>
/// <remarks>Singleton; any thread, any number of portals.</remarks>
internal sealed class StatsPartitions(NpgsqlDataSource database)
{
    // "statpart" in ASCII: two portals that make the same partition do it one after the other.
    private const long LockKey = 0x7374617470617274;
    private const string UtcFormat = "yyyy-MM-dd HH:mm:ss'+00'";
    private readonly HashSet<string> _made = [];

    /// <summary>Makes the partition that holds a moment where there is none.</summary>
    public async Task EnsureAsync(StatsResolution resolution, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var name = resolution.PartitionOf(at);
        lock (_made)
        {
            if (_made.Contains(name))
            {
                return;
            }
        }

        var from = StatsResolution.Floor(at, resolution.Partition);
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"select pg_advisory_xact_lock({LockKey})"));

        // Names and bounds are made here from a number, never from what somebody entered; DDL takes no parameters.
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            $"create table if not exists {name} partition of {resolution.Table} "
            + $"for values from ('{Text(from)}') to ('{Text(from + resolution.Partition)}')"));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        lock (_made)
        {
            _made.Add(name);
        }
    }

    /// <summary>Drops the partitions of which all is older than a moment.</summary>
    /// <returns>Their names.</returns>
    public async Task<IReadOnlyList<string>> DropBeforeAsync(
        StatsResolution resolution, DateTimeOffset oldest, CancellationToken cancellationToken)
    {
        var dropped = new List<string>();
        foreach (var name in await ListAsync(resolution, cancellationToken))
        {
            if (resolution.BeginningOf(name) is not { } beginning || beginning + resolution.Partition > oldest)
            {
                continue;
            }

            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var batch = new NpgsqlBatch(connection, transaction);

            // It waits for no reader for long, because all that comes after would wait behind it; the next round tries again.
            batch.BatchCommands.Add(new NpgsqlBatchCommand("set local lock_timeout = '2s'"));
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"drop table if exists {name}"));
            await batch.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            dropped.Add(name);
            lock (_made)
            {
                _made.Remove(name);
            }
        }

        return dropped;
    }

    /// <summary>The names of all partitions of a table.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(StatsResolution resolution, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "select inhrelid::regclass::text from pg_inherits where inhparent = $1::regclass order by 1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = resolution.Table });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var names = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString(UtcFormat, CultureInfo.InvariantCulture);
}
