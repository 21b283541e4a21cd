using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Portal.Contracts.Hubs;

namespace Portal.Web.Nodes.Storage;

/// <summary>Nodes in PostgreSQL. Plain SQL, because taking a use of a token and passing over known events are one statement each.</summary>
internal sealed class PostgresNodeStore(NpgsqlDataSource database) : INodeStore
{
    private const int NamesTried = 1000;
    private const string Select =
        """
        select nodes.id, nodes.name, public_key, labels::text, environments.id, environments.name, environments.color, duty, duty_note,
            pending_key, coalesce(key_since, joined_at)
        from nodes left join environments on environments.id = nodes.environment_id
        """;

    public async Task<IReadOnlyList<NodeRecord>> ListAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Select);
        return await ReadNodesAsync(command, cancellationToken);
    }

    public async Task<NodeRecord?> FindAsync(Guid nodeId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Select + " where nodes.id = $1");
        command.Parameters.Add(new() { Value = nodeId });
        return (await ReadNodesAsync(command, cancellationToken)).SingleOrDefault();
    }

    public async Task AddTokenAsync(StoredJoinToken token, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            insert into join_tokens (id, secret_hash, note, uses_left, expires_at, labels, created_by, created_at, environment_id, confirm)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """);
        command.Parameters.Add(new() { Value = token.Id });
        command.Parameters.Add(new() { Value = token.SecretHash });
        command.Parameters.Add(new() { Value = token.Note });
        command.Parameters.Add(new() { Value = token.UsesLeft });
        command.Parameters.Add(new() { Value = token.ExpiresAt.ToUniversalTime() });
        command.Parameters.Add(new() { Value = JsonSerializer.Serialize(token.Labels), NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new() { Value = token.CreatedBy });
        command.Parameters.Add(new() { Value = token.CreatedAt.ToUniversalTime() });
        command.Parameters.Add(new() { Value = (object?)token.EnvironmentId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = token.Confirm });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task RevokeTokensAsync(string note, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("delete from join_tokens where note = $1");
        command.Parameters.Add(new() { Value = note });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<JoinedNode?> JoinAsync(
        Guid tokenId, byte[] secretHash, NewNode node, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // The row's lock makes two joins with the last use wait for each other; the second finds none left.
        await using var take = new NpgsqlCommand(
            """
            update join_tokens set uses_left = uses_left - 1
            where id = $1 and secret_hash = $2 and uses_left > 0 and expires_at > $3
            returning labels::text, environment_id, confirm, note
            """,
            connection,
            transaction);
        take.Parameters.Add(new() { Value = tokenId });
        take.Parameters.Add(new() { Value = secretHash });
        take.Parameters.Add(new() { Value = now.ToUniversalTime() });
        (string Labels, Guid? EnvironmentId) place;
        (bool Confirm, string Note) token;
        await using (var reader = await take.ExecuteReaderAsync(cancellationToken))
        {
            if (!await reader.ReadAsync(cancellationToken))
            {
                return null;
            }

            place = (reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetGuid(1));
            token = (reader.GetBoolean(2), reader.GetString(3));
        }

        if (token.Confirm)
        {
            await WaitingNodeStore.AddAsync(connection, transaction, node, place, (token.Note, now), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return new JoinedNode(null);
        }

        await InsertAsync(connection, transaction, node, place, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return await FindAsync(node.Id, cancellationToken) is { } joined ? new JoinedNode(joined) : null;
    }

    public async Task<string?> RemoveAsync(Guid nodeId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("delete from nodes where id = $1 returning name");
        command.Parameters.Add(new() { Value = nodeId });
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    public async Task<NodeRecord?> SetLabelsAsync(
        Guid nodeId, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("update nodes set labels = $2 where id = $1");
        command.Parameters.Add(new() { Value = nodeId });
        command.Parameters.Add(new() { Value = JsonSerializer.Serialize(labels), NpgsqlDbType = NpgsqlDbType.Jsonb });
        await command.ExecuteNonQueryAsync(cancellationToken);
        return await FindAsync(nodeId, cancellationToken);
    }

    public async Task<NodeRecord?> SetDutyAsync(Guid nodeId, NodeDuty duty, string note, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("update nodes set duty = $2, duty_note = $3 where id = $1");
        command.Parameters.Add(new() { Value = nodeId });
        command.Parameters.Add(new() { Value = duty.ToString() });
        command.Parameters.Add(new() { Value = note });
        await command.ExecuteNonQueryAsync(cancellationToken);
        return await FindAsync(nodeId, cancellationToken);
    }

    public async Task<string?> RenameAsync(Guid nodeId, string name, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            with old as (select id, name from nodes where id = $1 for update)
            update nodes set name = $2 from old where nodes.id = old.id returning old.name
            """);
        command.Parameters.Add(new() { Value = nodeId });
        command.Parameters.Add(new() { Value = name });
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    public async Task<long> BeginEventsAsync(Guid nodeId, long newest, Guid? run, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            update nodes
            set event_epoch = event_epoch + case when last_sequence > $2 and (event_run = $3) is not true then 1 else 0 end,
                last_sequence = case when last_sequence > $2 and (event_run = $3) is not true then 0 else last_sequence end,
                event_run = $3
            where id = $1 returning last_sequence
            """);
        command.Parameters.Add(new() { Value = nodeId });
        command.Parameters.Add(new() { Value = newest });
        command.Parameters.Add(new() { Value = (object?)run ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        return await ReadSequenceAsync(command, nodeId, cancellationToken);
    }

    public async Task<long> AppendEventsAsync(
        Guid nodeId, IReadOnlyList<NodeEvent> events, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            with node as (
                update nodes set last_sequence = greatest(last_sequence, $2) where id = $1
                returning id, event_epoch, last_sequence
            ), kept as (
                insert into node_events (node_id, epoch, sequence, at, type, action, actor_id, attributes)
                select node.id, node.event_epoch, e.sequence, e.at, e.type, e.action, e.actor_id, e.attributes::jsonb
                from node, unnest($3, $4, $5, $6, $7, $8) as e (sequence, at, type, action, actor_id, attributes)
                on conflict do nothing
            )
            select last_sequence from node
            """);
        command.Parameters.Add(new() { Value = nodeId });
        command.Parameters.Add(new() { Value = events.Count == 0 ? 0L : events.Max(e => e.Sequence) });
        command.Parameters.Add(new() { Value = events.Select(e => e.Sequence).ToArray() });
        command.Parameters.Add(new() { Value = events.Select(e => e.Time.ToUniversalTime()).ToArray() });
        command.Parameters.Add(new() { Value = events.Select(e => Bounded(e.Type, 32)).ToArray() });
        command.Parameters.Add(new() { Value = events.Select(e => Bounded(e.Action, 128)).ToArray() });
        command.Parameters.Add(new() { Value = events.Select(e => Bounded(e.ActorId, 512)).ToArray() });
        command.Parameters.Add(new() { Value = events.Select(SerializeAttributes).ToArray() });
        return await ReadSequenceAsync(command, nodeId, cancellationToken);
    }

    /// <summary>Makes the node, with the first name that is free.</summary>
    internal static async Task InsertAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        NewNode node,
        (string Labels, Guid? EnvironmentId) place,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        for (var number = 1; number <= NamesTried; number++)
        {
            var name = number == 1 ? node.Hostname : $"{node.Hostname}-{number}";
            await using var insert = new NpgsqlCommand(
                """
                insert into nodes
                    (id, name, public_key, hostname, agent_version, labels, joined_at, environment_id, event_epoch, last_sequence)
                values ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0) on conflict (name) do nothing
                """,
                connection,
                transaction);
            insert.Parameters.Add(new() { Value = node.Id });
            insert.Parameters.Add(new() { Value = name });
            insert.Parameters.Add(new() { Value = node.PublicKey });
            insert.Parameters.Add(new() { Value = node.Hostname });
            insert.Parameters.Add(new() { Value = node.AgentVersion });
            insert.Parameters.Add(new() { Value = place.Labels, NpgsqlDbType = NpgsqlDbType.Jsonb });
            insert.Parameters.Add(new() { Value = now.ToUniversalTime() });
            insert.Parameters.Add(new() { Value = (object?)place.EnvironmentId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
            if (await insert.ExecuteNonQueryAsync(cancellationToken) == 1)
            {
                return;
            }
        }

        throw new InvalidOperationException($"No free name for a node on host '{node.Hostname}': {NamesTried} are taken.");
    }

    private static async Task<List<NodeRecord>> ReadNodesAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var nodes = new List<NodeRecord>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var labels = JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(3)) ?? [];
            nodes.Add(new NodeRecord(reader.GetGuid(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2))
            {
                Environment = reader.IsDBNull(4) ? null : new FleetEnvironment(reader.GetGuid(4), reader.GetString(5), reader.GetString(6)),
                Labels = NodeLabels.None.AddRange(labels),
                Duty = Enum.Parse<NodeDuty>(reader.GetString(7)),
                DutyNote = reader.GetString(8),
                PendingKey = reader.IsDBNull(9) ? null : reader.GetFieldValue<byte[]>(9),
                KeySince = reader.GetFieldValue<DateTimeOffset>(10),
            });
        }

        return nodes;
    }

    private static async Task<long> ReadSequenceAsync(
        NpgsqlCommand command, Guid nodeId, CancellationToken cancellationToken)
    {
        return await command.ExecuteScalarAsync(cancellationToken) is long sequence
            ? sequence
            : throw new InvalidOperationException($"Node {nodeId} was removed.");
    }

    // PostgreSQL's text and jsonb hold every character but NUL and half a surrogate pair. Whatever is refused here once is sent again
    // for ever, and all later events wait behind it.
    private static string Bounded(string text, int length)
    {
        var clean = text.Replace("\0", "", StringComparison.Ordinal);
        clean = clean.Length <= length ? clean : clean[..length];
        return clean.Any(char.IsSurrogate) ? string.Concat(clean.EnumerateRunes()) : clean;
    }

    private static string SerializeAttributes(NodeEvent nodeEvent)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in nodeEvent.Attributes)
        {
            attributes[Bounded(key, 256)] = Bounded(value, 4096);
        }

        return JsonSerializer.Serialize(attributes);
    }
}
