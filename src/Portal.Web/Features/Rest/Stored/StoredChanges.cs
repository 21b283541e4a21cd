using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Portal.Web.Features.Rest.Stored;

/// <summary>
/// Changes a stored thing when it still is what the caller has seen. One change of the same thing at a time over all
/// portals, so that of two who have seen
/// the same state one alone succeeds.
/// </summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class StoredChanges(NpgsqlDataSource database)
{
    /// <param name="context">The request, with its <c>If-Match</c>.</param>
    /// <param name="thing">Names the thing among all.</param>
    /// <param name="read">Reads it as it is answered; throws when there is none.</param>
    /// <param name="change">Changes it.</param>
    /// <param name="required">Whether <c>If-Match</c> must be there.</param>
    public async Task<TResult> RunAsync<T, TResult>(
        HttpContext context, string thing, Func<Task<T>> read, Func<T, Task<TResult>> change, bool required = true)
    {
        await using var connection = await database.OpenConnectionAsync(context.RequestAborted);
        await using var transaction = await connection.BeginTransactionAsync(context.RequestAborted);
        await using var command = new NpgsqlCommand("select pg_advisory_xact_lock($1)", connection, transaction);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = KeyOf(thing) });
        await command.ExecuteNonQueryAsync(context.RequestAborted);
        var now = await read();
        EntityTags.Ensure(context, now, required);
        return await change(now);
    }

    private static long KeyOf(string thing) =>
        BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes("rest " + thing)));
}
