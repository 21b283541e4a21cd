using Npgsql;

namespace Portal.Data.Locks;

/// <summary>
/// One of PostgreSQL's advisory locks, held by a connection of its own: among all portals of a database one at most holds it, and when that
/// one dies, or loses its connection, the next gets it.
/// </summary>
public sealed class AdvisoryLock : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly long _key;

    private AdvisoryLock(NpgsqlConnection connection, long key)
    {
        _connection = connection;
        _key = key;
    }

    /// <summary>Takes the lock, or returns null at once when another connection holds it.</summary>
    public static async Task<AdvisoryLock?> TryTakeAsync(NpgsqlDataSource database, long key, CancellationToken cancellationToken)
    {
        NpgsqlConnection? connection = await database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (await IsTrueAsync(connection, $"select pg_try_advisory_lock({key})", cancellationToken).ConfigureAwait(false))
            {
                var taken = connection;
                connection = null;
                return new AdvisoryLock(taken, key);
            }

            return null;
        }
        finally
        {
            if (connection is not null)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Whether the connection that holds it still answers; who gets false, or an exception, must stop what it does under the lock.</summary>
    public Task<bool> IsHeldAsync(CancellationToken cancellationToken) => IsTrueAsync(_connection, "select true", cancellationToken);

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_connection.FullState == System.Data.ConnectionState.Open)
            {
                // The connection goes back to the pool: the lock must not go with it.
                await IsTrueAsync(_connection, $"select pg_advisory_unlock({_key})", CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException or InvalidOperationException)
        {
            // It broke, and the lock went with it.
        }
        finally
        {
            await _connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task<bool> IsTrueAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 5 };
        await using var _ = command.ConfigureAwait(false);
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is true;
    }
}
