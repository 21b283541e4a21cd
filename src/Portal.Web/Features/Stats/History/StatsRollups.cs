using Npgsql;

namespace Portal.Web.Features.Stats.History;

/// <summary>Makes points of one step of those of a finer one: averages of averages, peaks of peaks.</summary>
internal sealed class StatsRollups(NpgsqlDataSource database, StatsPartitions partitions)
{
    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(20);

    /// <summary>Goes on from where it stopped until now. Doing the same again gives the same.</summary>
    public async Task RunAsync(
        StatsResolution from, StatsResolution to, StatsKeeping keeping, DateTimeOffset now, CancellationToken cancellationToken)
    {
        while (await RunPieceAsync(from, to, keeping, now, cancellationToken))
        {
            // One piece after another, so that no transaction is long after a pause of days.
        }
    }

    private async Task<bool> RunPieceAsync(
        StatsResolution from, StatsResolution to, StatsKeeping keeping, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // Whoever writes late points waits here, and sets this back afterwards.
        var marked = await ReadAsync("select done_until from stats_rollups where step = $1 for update", to.Step);
        var finest = from == StatsResolution.Fine
            ? now - s_settled
            : await ReadAsync("select done_until from stats_rollups where step = $1", from.Step);
        var oldest = now - keeping.Of(from);
        var begin = StatsResolution.Floor(marked > oldest ? marked : oldest, to.Step);
        var due = StatsResolution.Floor(finest, to.Step);
        var end = due < begin + (60 * to.Step) ? due : begin + (60 * to.Step);
        if (end <= begin)
        {
            return false;
        }

        for (var at = begin; at < end; at += to.Step)
        {
            await partitions.EnsureAsync(to, at, cancellationToken);
        }

        await using var command = new NpgsqlCommand(Sql(from, to), connection, transaction) { CommandTimeout = 300 };
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = to.Step });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = begin.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = end.UtcDateTime });
        await command.ExecuteNonQueryAsync(cancellationToken);
        await using var mark = new NpgsqlCommand("update stats_rollups set done_until = $2 where step = $1", connection, transaction);
        mark.Parameters.Add(new NpgsqlParameter<int> { TypedValue = (int)to.Step.TotalSeconds });
        mark.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = end.UtcDateTime });
        await mark.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;

        async Task<DateTimeOffset> ReadAsync(string sql, TimeSpan step)
        {
            await using var read = new NpgsqlCommand(sql, connection, transaction);
            read.Parameters.Add(new NpgsqlParameter<int> { TypedValue = (int)step.TotalSeconds });
            return (DateTime)(await read.ExecuteScalarAsync(cancellationToken))!;
        }
    }

    private static string Sql(StatsResolution from, StatsResolution to)
    {
        var columns = string.Join(", ", StatsRow.Columns);
        var values = string.Join(
            ", ", StatsRow.Columns.Select(column => $"{(column.EndsWith("_peak", StringComparison.Ordinal) ? "max" : "avg")}({column})"));
        var updates = string.Join(", ", StatsRow.Columns.Select(column => $"{column} = excluded.{column}"));
        return $"""
            insert into {to.Table} (subject_id, at, {columns})
            select subject_id, date_bin($1, at, 'epoch'), {values} from {from.Table} where at >= $2 and at < $3 group by 1, 2
            on conflict (subject_id, at) do update set {updates}
            """;
    }
}
