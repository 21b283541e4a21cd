using System.Text.Json;
using Npgsql;
using Portal.Web.Nodes.Joining;

namespace Portal.Web.Nodes.Storage;

/// <summary>Join tokens that are open, in PostgreSQL. They are made and used by <see cref="INodeStore"/>.</summary>
internal sealed class JoinTokenStore(NpgsqlDataSource database)
{
    /// <summary>Those that a host could come with at that time, the newest first.</summary>
    public async Task<IReadOnlyList<OpenJoinToken>> ListAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            select t.id, t.note, t.uses_left, t.created_at, t.expires_at, u.user_name, t.confirm, t.labels::text, e.id, e.name, e.color
            from join_tokens t
                left join users u on u.id = t.created_by
                left join environments e on e.id = t.environment_id
            where t.uses_left > 0 and t.expires_at > $1
            order by t.created_at desc, t.id
            """);
        command.Parameters.Add(new() { Value = now.ToUniversalTime() });
        var all = new List<OpenJoinToken>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            all.Add(new OpenJoinToken
            {
                Id = reader.GetGuid(0),
                Note = reader.GetString(1),
                UsesLeft = reader.GetInt32(2),
                CreatedAt = reader.GetFieldValue<DateTimeOffset>(3),
                ExpiresAt = reader.GetFieldValue<DateTimeOffset>(4),
                CreatedBy = reader.IsDBNull(5) ? null : reader.GetString(5),
                Confirm = reader.GetBoolean(6),
                Labels = NodeLabels.None.AddRange(JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(7)) ?? []),
                Environment = reader.IsDBNull(8)
                    ? null
                    : new FleetEnvironment(reader.GetGuid(8), reader.GetString(9), reader.GetString(10)),
            });
        }

        return all;
    }

    /// <summary>Takes a token back. A join that holds its row at that moment comes first.</summary>
    /// <returns>False when it was gone.</returns>
    public async Task<bool> RevokeAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("delete from join_tokens where id = $1");
        command.Parameters.Add(new() { Value = id });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }
}
