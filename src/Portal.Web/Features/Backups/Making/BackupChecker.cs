using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Data.Backups;
using Portal.Data.Entities.Backups;
using Portal.Data.Locks;
using Portal.Data.Migrating;
using Portal.Web.Backups.Stores;
using Portal.Web.Components.Shared;
using Portal.Web.Configuration;

namespace Portal.Web.Features.Backups.Making;

/// <summary>
/// Restores backups on trial, into a database beside the portal's that is removed again, and compares what came back.
/// One at a time over all portals.
/// </summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed partial class BackupChecker(
    NpgsqlDataSource database, IOptions<PortalOptions> options, BackupRows rows, BackupRunner runner, BackupStores stores,
    DestinationSecrets secrets, PortalFiles files, ILoggerFactory loggers, TimeProvider time, ILogger<BackupChecker> logger)
{
    private const long LockKey = 0x6261636B757073;
    private readonly ILogger _logger = logger;

    /// <summary>Checks a backup whose check was begun.</summary>
    /// <returns>Why it failed; null when all came back.</returns>
    public async Task<string?> RunAsync(
        BackupDestination destination, PortalBackup row, Action<string> tell, CancellationToken cancellationToken)
    {
        var (passed, message) = (false, N("The portal stopped, or it was broken off."));
        try
        {
            message = await CheckAsync(destination, row, cancellationToken);
            passed = true;
        }
        catch (Exception failure) when (BackupRunner.IsExpected(failure))
        {
            message = failure.Message;
        }
        finally
        {
            await rows.FinishCheckAsync(row.Id, passed, message);
            LogEnded(row.Name, passed ? "passed" : "failed", message);
            tell(passed ? $"restored on trial: {message}" : $"restored on trial, and failed: {message}");
        }

        return passed ? null : message;
    }

    private async Task<string> CheckAsync(BackupDestination destination, PortalBackup row, CancellationToken cancellationToken)
    {
        if (destination.Kind == DestinationKind.Folder && row.Host != Environment.MachineName)
        {
            throw new BackupException(E("It is on the host '{0}', whose portal made it: check it there.", row.Host));
        }

        var begun = time.GetTimestamp();
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var done = new CancellationTokenSource();
        var beating = runner.BeatAsync(row.Id, () => 0, lost, done.Token);
        try
        {
            var only = await AdvisoryLock.TryTakeAsync(database, LockKey, lost.Token)
                ?? throw new BackupException(N("Another backup is being checked. Try it again when that is done."));
            await using (only)
            {
                var contents = await RestoreAsync(destination, row, lost.Token);
                var took = Units.Duration(time.GetElapsedTime(begun));
                var told = E("{0} tables with {1:N0} rows came back as they were, in {2}.", contents.Tables, contents.Rows, took);
                return $"{told} {KeyOf(contents)}";
            }
        }
        catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BackupException(N("The database did not answer for too long."), failure);
        }
        finally
        {
            await done.CancelAsync();
            await beating;
        }
    }

    private async Task<BackupContents> RestoreAsync(BackupDestination destination, PortalBackup row, CancellationToken cancellationToken)
    {
        // Named after the portal's own: those of other portals of the server have others.
        var own = new NpgsqlConnectionStringBuilder(options.Value.Database);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(own.Database ?? "")))[..16];
        var name = $"portal_restore_test_{hash}";
        await DropAsync(name, cancellationToken);
        try
        {
            await RunAsync($"create database {name} template template0", cancellationToken);
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new BackupException(
                N("The portal's user may not make databases, which a check takes: ALTER ROLE ... CREATEDB. Or restore it by hand elsewhere."),
                refused);
        }

        try
        {
            own.Database = name;
            own.Pooling = false;
            await using var trial = NpgsqlDataSource.Create(own.ConnectionString);
            var migrator = new Migrator(trial, MigrationSet.Embedded, loggers.CreateLogger<Migrator>());
            using var store = stores.Open(destination);
            await using var source = await store.OpenAsync(row.Name, cancellationToken);
            await using var counted = new DigestStream(source);
            var contents = await new BackupReader(trial, migrator, MigrationSet.Embedded)
                .CheckAsync(counted, secrets.PassphraseOf(destination), cancellationToken);
            return counted.Read() == new StoredBackup(row.Bytes, row.Digest)
                ? contents : throw new BackupException(N("It is not the file that was written: its length or its sha256 is another."));
        }
        finally
        {
            await DropAsync(name, CancellationToken.None);
        }
    }

    private string KeyOf(BackupContents contents)
    {
        var path = files.All.Single(file => file.Name == PortalFiles.Key).Path;
        return !contents.Files.TryGetValue(PortalFiles.Key, out var key) ? N("It holds no key for the portal's secrets.")
            : File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(key) ? N("Its key is that of this portal.")
            : N("Its key is another than this portal's.");
    }

    // Left behind when a portal ended in the middle of a check: under the lock nobody else is at it.
    private Task DropAsync(string name, CancellationToken cancellationToken) =>
        RunAsync($"drop database if exists {name} with (force)", cancellationToken);

    private async Task RunAsync(string statement, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(statement);
        command.CommandTimeout = 120;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(2682, LogLevel.Information, "The backup '{Backup}' was restored on trial and {Outcome}: {Reason}")]
    private partial void LogEnded(string backup, string outcome, string reason);
}
