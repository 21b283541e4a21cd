using Npgsql;
using NpgsqlTypes;

namespace Portal.Web.Nodes.Portals;

/// <summary>The database's list of portals. Time is the database's: the portals' clocks may differ.</summary>
internal sealed class PortalStore(NpgsqlDataSource database)
{
    // A portal tells every three seconds that it is there.
    private const string Lives = "seen_at > now() - interval '15 seconds'";

    /// <summary>Tells that a portal is there, and takes out those that have not told it for long.</summary>
    public async Task BeatAsync(PortalPeer portal, string version, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            insert into portals (id, name, address, fingerprint, version, started_at, seen_at) values ($1, $2, $3, $4, $5, now(), now())
            on conflict (id) do update set seen_at = now()
            """)
        {
            Parameters =
            {
                new() { Value = portal.Id },
                new() { Value = portal.Name },
                new() { Value = portal.Address.AbsoluteUri },
                new() { Value = (object?)portal.Fingerprint ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea },
                new() { Value = version },
            },
        });

        // Much later than it stops to count: a portal that was only out of touch is back in the list without anybody having noticed.
        batch.BatchCommands.Add(new NpgsqlBatchCommand("delete from portals where seen_at < now() - interval '1 hour'"));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The portals that are there.</summary>
    public async Task<IReadOnlyList<PortalPeer>> ListAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"select id, name, address, fingerprint from portals where {Lives} order by id");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var portals = new List<PortalPeer>();
        while (await reader.ReadAsync(cancellationToken))
        {
            portals.Add(new PortalPeer(
                reader.GetGuid(0), reader.GetString(1), new Uri(reader.GetString(2)),
                await reader.IsDBNullAsync(3, cancellationToken) ? null : reader.GetFieldValue<byte[]>(3)));
        }

        return portals;
    }

    public async Task RemoveAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("delete from portals where id = $1");
        command.Parameters.Add(new() { Value = id });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
