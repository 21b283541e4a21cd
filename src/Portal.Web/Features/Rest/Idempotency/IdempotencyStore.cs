using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;

namespace Portal.Web.Features.Rest.Idempotency;

/// <summary>
/// Remembers by the caller's key what was asked and answered, for a day, over all portals of a database. Answers may hold
/// a secret that is shown once, so they
/// are encrypted.
/// </summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class IdempotencyStore(NpgsqlDataSource database, IDataProtectionProvider protection, TimeProvider time)
{
    /// <summary>How long a key is remembered.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    private readonly IDataProtector _protector = protection.CreateProtector("Portal.Rest.Idempotency.v1");

    /// <summary>Takes the key for a request.</summary>
    /// <returns>Null when it was taken now; else what took it before.</returns>
    public async Task<KeptRequest?> BeginAsync(Guid userId, string key, byte[] hash, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var forget = database.CreateCommand("delete from rest_requests where created_at < $1");
        forget.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now - Kept });
        await forget.ExecuteNonQueryAsync(cancellationToken);

        // Whoever comes second waits here until the first one's row is there: one of them alone inserts.
        await using var take = database.CreateCommand(
            "insert into rest_requests (user_id, key, request_hash, created_at) values ($1, $2, $3, $4) on conflict do nothing");
        take.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = userId });
        take.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
        take.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = hash });
        take.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now });
        return await take.ExecuteNonQueryAsync(cancellationToken) == 1 ? null : await ReadAsync(userId, key, cancellationToken);
    }

    public async Task CompleteAsync(Guid userId, string key, KeptAnswer answer)
    {
        await using var command = database.CreateCommand("update rest_requests set answer = $3 where user_id = $1 and key = $2");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = userId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
        var secret = _protector.Protect(JsonSerializer.SerializeToUtf8Bytes(answer));
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = secret });
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    /// <summary>Nothing was done: the key is free again.</summary>
    public async Task ForgetAsync(Guid userId, string key)
    {
        await using var command = database.CreateCommand("delete from rest_requests where user_id = $1 and key = $2");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = userId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private async Task<KeptRequest> ReadAsync(Guid userId, string key, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select request_hash, answer from rest_requests where user_id = $1 and key = $2");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = userId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            // It was given back at this moment: to ask again is right.
            return new KeptRequest([], null);
        }

        var answer = reader.IsDBNull(1) ? null : JsonSerializer.Deserialize<KeptAnswer>(_protector.Unprotect((byte[])reader[1]));
        return new KeptRequest((byte[])reader[0], answer);
    }
}
