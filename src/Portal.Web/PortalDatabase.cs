using Npgsql;
using Portal.Data.Keys;
using Portal.Data.Migrating;
using Portal.Web.Identity;

namespace Portal.Web;

/// <summary>Makes the database ready before the portal serves anything.</summary>
internal sealed partial class PortalDatabase(
    NpgsqlDataSource database, Migrator migrator, KeyEncryption keys, FirstAdministrator administrator, TimeProvider time,
    ILogger<PortalDatabase> logger)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Waits for PostgreSQL, applies migrations, encrypts keys, makes the first administrator.</summary>
    /// <exception cref="StartException">PostgreSQL did not answer within a minute or refuses, a migration can't be applied, or the key
    /// file is not that of the database.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await WaitAsync(cancellationToken);
        try
        {
            var applied = await migrator.MigrateAsync(cancellationToken);
            LogMigrated(applied);
            if (await keys.EnsureAsync(cancellationToken) is > 0 and var encrypted)
            {
                LogKeysEncrypted(encrypted);
            }

            await administrator.EnsureAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is MigrationException or InvalidOperationException)
        {
            throw new StartException(failure.Message, failure);
        }
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var told = false;
        while (true)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(cancellationToken);
                return;
            }
            catch (NpgsqlException failure)
            {
                if (!IsWorthWaiting(failure) || time.GetElapsedTime(began) > s_patience)
                {
                    throw new StartException(
                        $"The database of PORTAL_DB can't be used: {failure.Message}. Is PostgreSQL running, and are host, user and password right?",
                        failure);
                }

                if (!told)
                {
                    LogWaiting(failure.Message);
                    told = true;
                }
            }

            await Task.Delay(s_pause, time, cancellationToken);
        }
    }

    // A server that is still starting or not there yet; a wrong password or a missing database won't mend itself.
    private static bool IsWorthWaiting(NpgsqlException failure) =>
        failure is not PostgresException postgres || postgres.SqlState.StartsWith("57P", StringComparison.Ordinal)
        || postgres.SqlState == PostgresErrorCodes.TooManyConnections;
}
