using Npgsql;
using NpgsqlTypes;

namespace Portal.Web.Features.Stats.History;

/// <summary>Writes points of ten seconds.</summary>
/// <remarks>Singleton; one caller at a time.</remarks>
internal sealed class StatsStore(NpgsqlDataSource database, StatsPartitions partitions)
{
    private const int MostSubjectsRemembered = 500_000;
    private static readonly string s_columns = "subject_id, at, " + string.Join(", ", StatsRow.Columns);
    private readonly Dictionary<(Guid NodeId, string ContainerId), int> _subjects = [];

    /// <summary>
    /// Writes all or nothing. A point that is there already stays as it is: another portal wrote it, or this one did before it lost the
    /// connection; so the same rows may be given again.
    /// </summary>
    /// <param name="rows">The points.</param>
    /// <param name="nameOf">The name of a container, for those that are new.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task WriteAsync(
        IReadOnlyList<StatsRow> rows, Func<(Guid NodeId, string ContainerId), string> nameOf, CancellationToken cancellationToken)
    {
        await LearnSubjectsAsync(rows, nameOf, cancellationToken);
        var known = rows.Where(row => _subjects.ContainsKey((row.NodeId, row.ContainerId))).ToList();
        if (known.Count == 0)
        {
            return;
        }

        foreach (var at in known.Select(row => StatsResolution.Floor(row.At, StatsResolution.Fine.Partition)).Distinct())
        {
            await partitions.EnsureAsync(StatsResolution.Fine, at, cancellationToken);
        }

        try
        {
            await CopyAsync(known, staged: false, cancellationToken);
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            await CopyAsync(known, staged: true, cancellationToken);
        }
    }

    private async Task CopyAsync(IReadOnlyList<StatsRow> rows, bool staged, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (staged)
        {
            await ExecuteAsync("create temporary table stats_stage (like stats_10s) on commit drop");
        }

        await using (var copy = await connection.BeginBinaryImportAsync(
            $"copy {(staged ? "stats_stage" : "stats_10s")} ({s_columns}) from stdin (format binary)", cancellationToken))
        {
            foreach (var row in rows)
            {
                await WriteAsync(copy, row, cancellationToken);
            }

            await copy.CompleteAsync(cancellationToken);
        }

        if (staged)
        {
            await ExecuteAsync($"insert into stats_10s ({s_columns}) select {s_columns} from stats_stage on conflict do nothing");
        }

        // What comes late, after the database was away, has to be rolled up once more.
        await using var late = new NpgsqlCommand(
            """
            update stats_rollups set done_until = date_bin(make_interval(secs => step), $1, 'epoch')
            where done_until > date_bin(make_interval(secs => step), $1, 'epoch')
            """,
            connection,
            transaction);
        late.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = rows.Min(row => row.At).UtcDateTime });
        await late.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private async Task WriteAsync(NpgsqlBinaryImporter copy, StatsRow row, CancellationToken cancellationToken)
    {
        await copy.StartRowAsync(cancellationToken);
        await copy.WriteAsync(_subjects[(row.NodeId, row.ContainerId)], NpgsqlDbType.Integer, cancellationToken);
        await copy.WriteAsync(row.At.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
        foreach (var value in row.Values)
        {
            if (value is { } number)
            {
                await copy.WriteAsync(number, NpgsqlDbType.Real, cancellationToken);
            }
            else
            {
                await copy.WriteNullAsync(cancellationToken);
            }
        }
    }

    private async Task LearnSubjectsAsync(
        IReadOnlyList<StatsRow> rows, Func<(Guid NodeId, string ContainerId), string> nameOf, CancellationToken cancellationToken)
    {
        if (_subjects.Count > MostSubjectsRemembered)
        {
            _subjects.Clear();
        }

        var news = rows.Select(row => (row.NodeId, row.ContainerId)).Distinct().Where(key => !_subjects.ContainsKey(key)).ToArray();
        if (news.Length == 0)
        {
            return;
        }

        // The update that changes nothing gives the ids of those that are there too. Nodes that were removed meanwhile get none.
        await using var command = database.CreateCommand(
            """
            insert into stats_subjects (node_id, container_id, name, first_seen_at)
            select news.node_id, news.container_id, news.name, now()
            from unnest($1, $2, $3) as news (node_id, container_id, name) join nodes on nodes.id = news.node_id
            on conflict (node_id, container_id) do update set name = excluded.name
            returning id, node_id, container_id
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. news.Select(key => key.NodeId)] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. news.Select(key => key.ContainerId)] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. news.Select(key => Cut(nameOf(key)))] });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            _subjects[(reader.GetGuid(1), reader.GetString(2))] = reader.GetInt32(0);
        }
    }

    private static string Cut(string name)
    {
        var plain = name.Replace("\0", "", StringComparison.Ordinal);
        return plain.Length <= 256 ? plain : plain[..(char.IsHighSurrogate(plain[255]) ? 255 : 256)];
    }
}
