using Npgsql;
using Portal.Data.Backups;
using Portal.Data.Entities.Backups;
using Portal.Data.Migrating;
using Portal.Web.Backups.Stores;
using Portal.Web.Components.Shared;

namespace Portal.Web.Features.Backups.Making;

/// <summary>Makes backups, and removes those that a destination keeps no longer.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed partial class BackupRunner(
    NpgsqlDataSource database, BackupRows rows, BackupStores stores, DestinationSecrets secrets, PortalFiles files, TimeProvider time,
    ILogger<BackupRunner> logger)
{
    private static readonly TimeSpan s_beat = TimeSpan.FromSeconds(1);
    private readonly ILogger _logger = logger;

    /// <summary>What can go wrong with a backup without the portal being at fault.</summary>
    public static bool IsExpected(Exception failure) => failure is BackupException or IOException or UnauthorizedAccessException
        or NpgsqlException or MigrationException or TimeoutException;

    /// <summary>Makes a backup that was begun.</summary>
    /// <param name="destination">Where.</param>
    /// <param name="row">Which.</param>
    /// <param name="tell">Told what is done.</param>
    /// <param name="cancellationToken">Breaks it off: nothing is left of it.</param>
    /// <returns>Why it failed; null for a success.</returns>
    public async Task<string?> RunAsync(
        BackupDestination destination, PortalBackup row, Action<string> tell, CancellationToken cancellationToken)
    {
        StoredBackup? stored = null;
        string? wrong = N("The portal stopped, or it was broken off.");
        try
        {
            stored = await WriteAsync(destination, row, tell, cancellationToken);
            wrong = null;
        }
        catch (Exception failure) when (IsExpected(failure))
        {
            wrong = failure.Message;
            tell(wrong);
        }
        finally
        {
            await rows.FinishAsync(row, stored?.Bytes ?? 0, stored?.Digest ?? "", wrong);
            LogEnded(row.Name, destination.Name, wrong ?? "made");
        }

        if (wrong is null)
        {
            await KeepAsync(destination, tell, cancellationToken);
        }

        return wrong;
    }

    private async Task<StoredBackup> WriteAsync(
        BackupDestination destination, PortalBackup row, Action<string> tell, CancellationToken cancellationToken)
    {
        var passphrase = secrets.PassphraseOf(destination);
        using var store = stores.Open(destination);
        tell($"{row.Name} to {store.Place}");
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var done = new CancellationTokenSource();
        DigestStream? written = null;
        var beating = BeatAsync(row.Id, () => written?.Bytes ?? 0, lost, done.Token);
        try
        {
            var writer = new BackupWriter(database, MigrationSet.Embedded, time);
            var stored = await store.WriteAsync(
                row.Name,
                target =>
                {
                    written = target;
                    return writer.WriteAsync(target, passphrase, files.All, lost.Token);
                },
                lost.Token);
            tell($"{Units.Bytes(stored.Bytes)}, sha256 {stored.Digest}");
            return stored;
        }
        catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BackupException(N("The database did not answer for too long, or the destination was removed."), failure);
        }
        finally
        {
            await done.CancelAsync();
            await beating;
        }
    }

    /// <summary>Renews the lease until it is done; one that is another's by now is broken off.</summary>
    internal async Task BeatAsync(Guid id, Func<long> bytes, CancellationTokenSource lost, CancellationToken done)
    {
        var renewed = time.GetTimestamp();
        while (!done.IsCancellationRequested)
        {
            await Task.Delay(s_beat, time, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (done.IsCancellationRequested)
            {
                return;
            }

            try
            {
                if (!await rows.BeatAsync(id, bytes(), done))
                {
                    await lost.CancelAsync();
                    return;
                }

                renewed = time.GetTimestamp();
            }
            catch (Exception) when (!done.IsCancellationRequested)
            {
                if (time.GetElapsedTime(renewed) > BackupRows.Lease / 2)
                {
                    await lost.CancelAsync();
                    return;
                }
            }
            catch (Exception) when (done.IsCancellationRequested)
            {
                return;
            }
        }
    }

    // What can't be removed now is tried again after the next backup: it stays in the list.
    private async Task KeepAsync(BackupDestination destination, Action<string> tell, CancellationToken cancellationToken)
    {
        try
        {
            using var store = stores.Open(destination);
            foreach (var old in await rows.OldAsync(destination, cancellationToken))
            {
                if (destination.Kind == DestinationKind.Folder && old.Host != Environment.MachineName)
                {
                    continue;
                }

                await store.RemoveAsync(old.Name, cancellationToken);
                await rows.ForgetAsync(old.Id, cancellationToken);
                tell($"{old.Name} was removed: it is kept no longer");
            }
        }
        catch (Exception failure) when (IsExpected(failure))
        {
            tell($"Old backups could not be removed: {failure.Message}");
            LogNotRemoved(destination.Name, failure);
        }
    }

    [LoggerMessage(2680, LogLevel.Information, "The backup '{Backup}' to '{Destination}': {Outcome}")]
    private partial void LogEnded(string backup, string destination, string outcome);

    [LoggerMessage(2681, LogLevel.Warning, "Old backups at '{Destination}' could not be removed.")]
    private partial void LogNotRemoved(string destination, Exception failure);
}
