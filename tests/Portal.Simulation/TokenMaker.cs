using System.Security.Cryptography;
using Npgsql;
using Portal.Contracts.Link;

namespace Portal.Simulation;

/// <summary>The administrator's part: a join token for all nodes, put where the portal keeps them.</summary>
internal static class TokenMaker
{
    public static async Task<string> MakeAsync(string connectionString, CancellationToken cancellationToken)
    {
        var token = new JoinToken(Guid.CreateVersion7(), RandomNumberGenerator.GetBytes(JoinToken.SecretLength), null);
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand(
            """
            insert into join_tokens (id, secret_hash, note, uses_left, expires_at, labels, created_by, created_at)
            values ($1, $2, 'simulation', 10000, now() + interval '1 day', '{"simulated": "yes"}', $3, now())
            """);
        command.Parameters.Add(new() { Value = token.Id });
        command.Parameters.Add(new() { Value = SHA256.HashData(token.Secret.Span) });
        command.Parameters.Add(new() { Value = Guid.Empty });
        await command.ExecuteNonQueryAsync(cancellationToken);
        return token.ToString();
    }
}
