using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Portal.Contracts.Link;
using Portal.Web.Nodes.Waiting;

namespace Portal.Web.Nodes.Storage;

/// <summary>Hosts that wait to be accepted, in PostgreSQL.</summary>
internal sealed class WaitingNodeStore(NpgsqlDataSource database, INodeStore nodes)
{
    public async Task<IReadOnlyList<WaitingHost>> ListAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            select w.id, hostname, public_key, agent_version, host::text, address, note, labels::text, asked_at, e.id, e.name, e.color
            from waiting_nodes w left join environments e on e.id = w.environment_id order by asked_at, w.id
            """);
        var all = new List<WaitingHost>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            all.Add(new WaitingHost
            {
                Id = reader.GetGuid(0),
                Hostname = reader.GetString(1),
                Fingerprint = KeyFingerprint.Of(reader.GetFieldValue<byte[]>(2)),
                AgentVersion = reader.GetString(3),
                Host = JsonSerializer.Deserialize<HostSummary>(reader.GetString(4), JsonSerializerOptions.Web) ?? new HostSummary(),
                Address = reader.GetString(5),
                Note = reader.GetString(6),
                Labels = NodeLabels.None.AddRange(JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(7)) ?? []),
                AskedAt = reader.GetFieldValue<DateTimeOffset>(8),
                Environment = reader.IsDBNull(9)
                    ? null
                    : new FleetEnvironment(reader.GetGuid(9), reader.GetString(10), reader.GetString(11)),
            });
        }

        return all;
    }

    /// <summary>The public key of a host that waits, or null.</summary>
    public async Task<byte[]?> FindKeyAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select public_key from waiting_nodes where id = $1");
        command.Parameters.Add(new() { Value = id });
        return await command.ExecuteScalarAsync(cancellationToken) as byte[];
    }

    /// <summary>Makes a node of it.</summary>
    /// <returns>The node, or null when it waits no more.</returns>
    public async Task<NodeRecord?> AcceptAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // Two who accept at once: the second waits for the first, and finds nothing.
        await using var take = new NpgsqlCommand(
            """
            delete from waiting_nodes where id = $1
            returning hostname, public_key, agent_version, labels::text, environment_id
            """,
            connection,
            transaction);
        take.Parameters.Add(new() { Value = id });
        NewNode node;
        (string Labels, Guid? EnvironmentId) place;
        await using (var reader = await take.ExecuteReaderAsync(cancellationToken))
        {
            if (!await reader.ReadAsync(cancellationToken))
            {
                return null;
            }

            node = new NewNode(id, reader.GetFieldValue<byte[]>(1), reader.GetString(0), reader.GetString(2));
            place = (reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetGuid(4));
        }

        await PostgresNodeStore.InsertAsync(connection, transaction, node, place, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return await nodes.FindAsync(id, cancellationToken);
    }

    /// <summary>Takes it off the list.</summary>
    /// <returns>Its host's name, or null when it waits no more.</returns>
    public async Task<string?> RefuseAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("delete from waiting_nodes where id = $1 returning hostname");
        command.Parameters.Add(new() { Value = id });
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    /// <summary>Puts a host on the list, within the join's own transaction.</summary>
    public static async Task AddAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        NewNode node,
        (string Labels, Guid? EnvironmentId) place,
        (string Note, DateTimeOffset Now) asked,
        CancellationToken cancellationToken)
    {
        await using var insert = new NpgsqlCommand(
            """
            insert into waiting_nodes
                (id, hostname, public_key, agent_version, host, address, note, labels, environment_id, asked_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """,
            connection,
            transaction);
        insert.Parameters.Add(new() { Value = node.Id });
        insert.Parameters.Add(new() { Value = node.Hostname });
        insert.Parameters.Add(new() { Value = node.PublicKey });
        insert.Parameters.Add(new() { Value = node.AgentVersion });
        insert.Parameters.Add(new() { Value = node.Host, NpgsqlDbType = NpgsqlDbType.Jsonb });
        insert.Parameters.Add(new() { Value = node.Address });
        insert.Parameters.Add(new() { Value = asked.Note });
        insert.Parameters.Add(new() { Value = place.Labels, NpgsqlDbType = NpgsqlDbType.Jsonb });
        insert.Parameters.Add(new() { Value = (object?)place.EnvironmentId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        insert.Parameters.Add(new() { Value = asked.Now.ToUniversalTime() });
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }
}
