using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Backups;
using Portal.Data.Entities.Backups;
using Portal.Web.Access;
using Portal.Web.Features.Backups.Making;
using Portal.Web.Languages;

namespace Portal.Web.Features.Backups;

/// <content>The backups themselves.</content>
internal sealed partial class BackupDirectory
{
    private const int MostListed = 500;

    /// <summary>Backups, newest first.</summary>
    /// <param name="user">Who asks.</param>
    /// <param name="destination">Of one destination; null for all.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<IReadOnlyList<PortalBackup>> BackupsAsync(
        ClaimsPrincipal user, Guid? destination, CancellationToken cancellationToken)
    {
        await EnsureAsync(user, cancellationToken);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.PortalBackups.AsNoTracking().Where(row => destination == null || row.DestinationId == destination)
            .OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id).Take(MostListed).ToListAsync(cancellationToken);
    }

    /// <summary>A backup; null where there is none.</summary>
    public async Task<PortalBackup?> FindBackupAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        await EnsureAsync(user, cancellationToken);
        return await rows.FindAsync(id, cancellationToken);
    }

    /// <summary>Begins a backup, which goes on when the caller is gone.</summary>
    /// <returns>The backup.</returns>
    /// <exception cref="BackupException">One is being made there already.</exception>
    public async Task<Guid> BackUpAsync(ClaimsPrincipal user, Guid destination, CancellationToken cancellationToken)
    {
        var (actor, target, row) = await BeginAsync(user, destination, cancellationToken);
        Detach(() => runner.RunAsync(target, row, _ => { }, lifetime.ApplicationStopping));
        await RecordAsync(actor, "backup.create", target, row.Name);
        return row.Id;
    }

    /// <summary>Makes a backup to its end, for a job.</summary>
    /// <param name="user">In whose name.</param>
    /// <param name="destination">Where.</param>
    /// <param name="check">Whether it is restored on trial afterwards.</param>
    /// <param name="tell">Told what is done.</param>
    /// <param name="cancellationToken">Breaks it off.</param>
    /// <returns>The backup as it is then.</returns>
    /// <exception cref="BackupException">It can't be begun.</exception>
    public async Task<PortalBackup> BackUpAsync(
        ClaimsPrincipal user, Guid destination, bool check, Action<string> tell, CancellationToken cancellationToken)
    {
        var (actor, target, row) = await BeginAsync(user, destination, cancellationToken);
        var wrong = await runner.RunAsync(target, row, tell, cancellationToken);
        if (wrong is null && check && await rows.BeginCheckAsync(row.Id, cancellationToken))
        {
            await checker.RunAsync(target, await RowAsync(row.Id, cancellationToken), tell, cancellationToken);
        }

        await RecordAsync(actor, "backup.create", target, wrong is null ? row.Name : $"{row.Name}: {wrong}");
        return await RowAsync(row.Id, cancellationToken);
    }

    /// <summary>Begins to restore a backup on trial, which goes on when the caller is gone.</summary>
    /// <exception cref="BackupException">It is none that could be, or is checked already.</exception>
    public async Task CheckAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        var actor = await EnsureAsync(user, cancellationToken);
        var row = await RowAsync(id, cancellationToken);
        var destination = await OpenAsync(row.DestinationId, cancellationToken);
        if (!await rows.BeginCheckAsync(id, cancellationToken))
        {
            throw new BackupException(N("It is being checked already, or is no whole backup."));
        }

        Detach(() => checker.RunAsync(destination, row, _ => { }, lifetime.ApplicationStopping));
        await RecordAsync(actor, "backup.check", destination, row.Name);
    }

    /// <summary>Opens a backup, encrypted as it is, for who takes it elsewhere.</summary>
    /// <exception cref="BackupException">It can't be read.</exception>
    public async Task<(string Name, Stream Content)> OpenBackupAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        var actor = await EnsureAsync(user, cancellationToken);
        var row = await RowAsync(id, cancellationToken);
        var destination = await OpenAsync(row.DestinationId, cancellationToken);
        EnsureHere(destination, row);
        try
        {
            // Left open by its owner, the answer.
            var content = await stores.Open(destination).OpenAsync(row.Name, cancellationToken);
            await RecordAsync(actor, "backup.download", destination, row.Name);
            return (row.Name, content);
        }
        catch (Exception failure) when (BackupRunner.IsExpected(failure) && failure is not BackupException)
        {
            throw new BackupException(E("'{0:name}' can't be read: {1:said}", row.Name, failure.Message), failure);
        }
    }

    /// <summary>Removes a backup, from its destination and from the list.</summary>
    /// <exception cref="BackupException">It is being made or checked, or can't be removed.</exception>
    public async Task RemoveBackupAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        var actor = await EnsureAsync(user, cancellationToken);
        var row = await RowAsync(id, cancellationToken);
        var destination = await OpenAsync(row.DestinationId, cancellationToken);
        if (row.FinishedAt is null || row.CheckState == BackupState.Running)
        {
            throw new BackupException(N("It is being made or checked. Wait until that is done."));
        }

        if (row.State == BackupState.Succeeded)
        {
            EnsureHere(destination, row);
            try
            {
                using var store = stores.Open(destination);
                await store.RemoveAsync(row.Name, cancellationToken);
            }
            catch (Exception failure) when (BackupRunner.IsExpected(failure) && failure is not BackupException)
            {
                throw new BackupException(E("'{0:name}' can't be removed: {1:said}", row.Name, failure.Message), failure);
            }
        }

        await rows.ForgetAsync(id, cancellationToken);
        await RecordAsync(actor, "backup.remove", destination, row.Name);
    }

    private async Task<(Actor Actor, BackupDestination Target, PortalBackup Row)> BeginAsync(
        ClaimsPrincipal user, Guid destination, CancellationToken cancellationToken)
    {
        var actor = await EnsureAsync(user, cancellationToken);
        var target = await OpenAsync(destination, cancellationToken);
        return (actor, target, await rows.BeginAsync(target, actor.UserName, cancellationToken));
    }

    private async Task<PortalBackup> RowAsync(Guid id, CancellationToken cancellationToken) =>
        await rows.FindAsync(id, cancellationToken) ?? throw new BackupException(N("There is no such backup any more."));

    private static void EnsureHere(BackupDestination destination, PortalBackup row)
    {
        if (destination.Kind == DestinationKind.Folder && row.Host != Environment.MachineName)
        {
            throw new BackupException(E("'{0}' is on the host '{1}', whose portal made it. Ask the portal there.", row.Name, row.Host));
        }
    }

    private void Detach(Func<Task> work) => _ = LanguageFlow.RunInEnglish(async () =>
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // It is written down as broken off.
        }
        catch (Exception failure)
        {
            LogBroken(failure);
        }
    });

    [LoggerMessage(2683, LogLevel.Error, "A backup broke off.")]
    private partial void LogBroken(Exception failure);
}
