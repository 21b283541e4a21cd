using Npgsql;

namespace Portal.Data.Backups;

/// <summary>The tables that a backup holds.</summary>
internal static class BackupTables
{
    // Who is signed in, answers that are kept for a day, and which portals run end with a database. Statistics are in partitions, and
    // left out as such.
    private static readonly string[] s_without = ["schema_migrations", "user_sessions", "rest_requests", "portals"];

    private const string Query =
        """
        select c.relname, array_agg(a.attname::text order by a.attnum)
        from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and not c.relispartition
        group by c.oid, c.relname order by c.relname
        """;

    private const string References =
        """
        select conrelid::regclass::text, confrelid::regclass::text from pg_constraint
        where contype = 'f' and connamespace = 'public'::regnamespace and conrelid <> confrelid
        """;

    private const string ContinueNumbers =
        """
        do $$
        declare numbered record; highest bigint;
        begin
            for numbered in
                select c.oid::regclass as place, a.attname as name, pg_get_serial_sequence(c.oid::regclass::text, a.attname) as sequence
                from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attidentity <> ''
                where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and not c.relispartition
            loop
                execute format('select max(%I) from %s', numbered.name, numbered.place) into highest;
                if highest is not null then perform setval(numbered.sequence, highest); end if;
            end loop;
        end $$
        """;

    /// <summary>Reads them, those first to which others refer.</summary>
    public static async Task<IReadOnlyList<BackupTable>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var tables = new List<BackupTable>();
        var command = new NpgsqlCommand(Query, connection);
        await using (command.ConfigureAwait(false))
        {
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using var _ = reader.ConfigureAwait(false);
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                tables.Add(new BackupTable(reader.GetString(0), reader.GetFieldValue<string[]>(1)));
            }
        }

        tables.RemoveAll(table => s_without.Contains(table.Name));
        return Sort(tables, await ReadReferencesAsync(connection, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Lets columns that number their rows go on after the highest number that is there.</summary>
    public static async Task ContinueNumbersAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(ContinueNumbers, connection);
        await using var _ = command.ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<ILookup<string, string>> ReadReferencesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var found = new List<(string From, string To)>();
        var command = new NpgsqlCommand(References, connection);
        await using var _ = command.ConfigureAwait(false);
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            found.Add((reader.GetString(0), reader.GetString(1)));
        }

        return found.ToLookup(pair => pair.From, pair => pair.To);
    }

    private static List<BackupTable> Sort(List<BackupTable> tables, ILookup<string, string> references)
    {
        var sorted = new List<BackupTable>();
        while (tables.Count > 0)
        {
            var left = tables.Select(table => table.Name).ToHashSet(StringComparer.Ordinal);
            var free = tables.Where(table => !references[table.Name].Any(left.Contains)).ToList();
            if (free.Count == 0)
            {
                throw new BackupException(
                    $"The tables {string.Join(", ", left)} refer to each other in a circle: no order would restore them.");
            }

            sorted.AddRange(free);
            tables.RemoveAll(free.Contains);
        }

        return sorted;
    }
}
