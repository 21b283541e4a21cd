using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Backups;
using Portal.Data.Entities.Backups;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Backups.Making;
using Portal.Web.Features.Jobs;

namespace Portal.Web.Features.Backups;

/// <summary>
/// Lists and changes where backups of the portal are kept, and has them made, checked and removed. All of it takes <c>backups.manage</c>
/// on everything: whoever reads a backup and its passphrase has all of the portal's secrets.
/// </summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed partial class BackupDirectory(
    IDbContextFactory<PortalDbContext> contexts, BackupRows rows, BackupRunner runner, BackupChecker checker, BackupStores stores,
    DestinationSecrets secrets, IAuthorizer authorizer, IAuditLog audit, IHostApplicationLifetime lifetime, TimeProvider time,
    ILogger<BackupDirectory> logger)
{
    public const int ShortestPassphrase = 12;
    private const int LongestSecret = 1024;
    private const int LongestName = 128;
    private const int MostKept = 10_000;
    private readonly ILogger _logger = logger;

    /// <summary>All destinations, by name.</summary>
    /// <exception cref="AccessDeniedException">The user may not.</exception>
    public async Task<IReadOnlyList<DestinationLine>> ListAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await EnsureAsync(user, cancellationToken);
        await rows.EndBrokenAsync(cancellationToken);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await database.BackupDestinations.AsNoTracking().OrderBy(row => row.Name).Select(row => new
        {
            Row = row,
            Last = database.PortalBackups.Where(backup => backup.DestinationId == row.Id)
                .OrderByDescending(backup => backup.CreatedAt).FirstOrDefault(),
            LastGood = database.PortalBackups.Where(backup => backup.DestinationId == row.Id && backup.State == BackupState.Succeeded)
                .OrderByDescending(backup => backup.CreatedAt).FirstOrDefault(),
        }).ToListAsync(cancellationToken);
        var kind = JobKindInfo.Of(JobKind.PortalBackup).Name;
        var jobs = await database.ScheduledJobs.AsNoTracking().Where(job => job.Kind == kind).OrderBy(job => job.Name)
            .ToListAsync(cancellationToken);
        var byDestination = jobs.ToLookup(
            job => JobSettings.Parse(job.Settings).DestinationId, job => new BackupJob(job.Id, job.Name, job.NextAt));
        return [.. found.Select(item => new DestinationLine(
            item.Row, DestinationSettings.Parse(item.Row.Settings), [.. byDestination[item.Row.Id]], item.Last, item.LastGood))];
    }

    /// <summary>A destination; null where there is none.</summary>
    public async Task<DestinationLine?> FindAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken) =>
        (await ListAsync(user, cancellationToken)).SingleOrDefault(line => line.Id == id);

    /// <summary>Makes a destination, or changes one.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="AccessDeniedException">The user may not.</exception>
    /// <exception cref="BackupException">It is wrong; all that is wrong is said.</exception>
    public async Task<Guid> SaveAsync(ClaimsPrincipal user, Guid? id, DestinationDraft draft, CancellationToken cancellationToken)
    {
        var actor = await EnsureAsync(user, cancellationToken);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var present = id is null ? null
            : await database.BackupDestinations.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) ?? throw NoDestination();
        var problems = Problems(draft, present).ToList();
        if (problems.Count > 0)
        {
            throw new BackupException(string.Join(' ', problems));
        }

        var now = time.GetUtcNow();
        var row = present ?? new BackupDestination { Id = Guid.CreateVersion7(now), CreatedAt = now };
        row.SecretKey = draft.Kind == DestinationKind.Folder ? ""
            : draft.SecretKey.Length > 0 ? secrets.ProtectKey(row.Id, draft.Settings, draft.SecretKey) : row.SecretKey;
        row.Passphrase = draft.Passphrase.Length > 0 ? secrets.ProtectPassphrase(row.Id, draft.Passphrase) : row.Passphrase;
        (row.Name, row.Kind, row.Settings) = (draft.Name.Trim(), draft.Kind, draft.Settings.ToJson());
        (row.KeepCount, row.KeepDays, row.ChangedAt) = (draft.KeepCount, draft.KeepDays, now);
        if (present is null)
        {
            database.BackupDestinations.Add(row);
        }

        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException failure)
            when (failure.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw new BackupException(E("There is a destination '{0}' already.", row.Name), failure);
        }

        var place = draft.Settings.PlaceOf(draft.Kind);
        await RecordAsync(actor, id is null ? "backup.destination.create" : "backup.destination.update", row, place);
        return row.Id;
    }

    /// <summary>Removes a destination with its list. The backups themselves stay where they are.</summary>
    /// <exception cref="BackupException">There is none, a job backs up to it, or a backup is being made.</exception>
    public async Task RemoveAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        var actor = await EnsureAsync(user, cancellationToken);
        var line = await FindAsync(user, id, cancellationToken) ?? throw NoDestination();
        if (line.Jobs.Count > 0)
        {
            throw new BackupException(E("The job '{0}' backs up there. Remove it first.", line.Jobs[0].Name));
        }

        if (line.Last is { FinishedAt: null })
        {
            throw new BackupException(N("A backup is being made there. Wait until it is done."));
        }

        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        await database.BackupDestinations.Where(row => row.Id == id).ExecuteDeleteAsync(cancellationToken);
        await RecordAsync(actor, "backup.destination.remove", line.Destination, line.Place);
    }

    /// <summary>Writes, lists, reads and removes a few bytes there.</summary>
    /// <exception cref="BackupException">One of these failed; it says which.</exception>
    public async Task TestAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        var actor = await EnsureAsync(user, cancellationToken);
        var destination = await OpenAsync(id, cancellationToken);
        var step = "open";
        try
        {
            using var store = stores.Open(destination);
            var name = $"portal-test-{Guid.NewGuid():N}";
            byte[] content = [.. Guid.NewGuid().ToByteArray()];
            step = "write";
            await store.WriteAsync(name, target => target.WriteAsync(content, cancellationToken).AsTask(), cancellationToken);
            step = "list";
            var isListed = (await store.ListAsync(cancellationToken)).Contains(name, StringComparer.Ordinal);
            step = "read";
            using var back = new MemoryStream();
            await using (var source = await store.OpenAsync(name, cancellationToken))
            {
                await source.CopyToAsync(back, cancellationToken);
            }

            step = "remove";
            await store.RemoveAsync(name, cancellationToken);
            if (!isListed || !back.ToArray().AsSpan().SequenceEqual(content))
            {
                throw new BackupException(N("What was written there does not come back."));
            }
        }
        catch (Exception failure) when (BackupRunner.IsExpected(failure) && failure is not BackupException)
        {
            throw new BackupException(E("The portal could not {0:name} there: {1:said}", step, failure.Message), failure);
        }

        await RecordAsync(actor, "backup.destination.test", destination, "");
    }

    private static IEnumerable<string> Problems(DestinationDraft draft, BackupDestination? present)
    {
        if (draft.Name.Trim() is not { Length: > 0 and <= LongestName } name || name.Any(char.IsControl))
        {
            yield return E("A name has 1 to {0} characters.", LongestName);
        }

        if (draft.Kind is not (DestinationKind.Folder or DestinationKind.S3))
        {
            yield return N("A destination is a folder or s3.");
            yield break;
        }

        foreach (var problem in draft.Settings.Problems(draft.Kind))
        {
            yield return problem;
        }

        if (draft.Passphrase.Length > LongestSecret || (draft.Passphrase.Length < ShortestPassphrase
            && (draft.Passphrase.Length > 0 || present is null)))
        {
            yield return E("A passphrase has {0} characters at least: it protects all of the portal's secrets.", ShortestPassphrase);
        }

        var isSameHolder = present is { SecretKey.Length: > 0 }
            && DestinationSettings.Parse(present.Settings).Holder == draft.Settings.Holder;
        if (draft.Kind == DestinationKind.S3
            && (draft.SecretKey.Length > LongestSecret || (draft.SecretKey.Length == 0 && !isSameHolder)))
        {
            yield return present is null ? N("Enter the secret key.") : N("Enter the secret key: it is kept for the bucket that it was entered for.");
        }

        if (draft.KeepCount is < 0 or > MostKept || draft.KeepDays is < 0 or > MostKept)
        {
            yield return E("Between 0 and {0} backups and days are kept; 0 is without limit.", MostKept);
        }
    }

    private async Task<Actor> EnsureAsync(ClaimsPrincipal user, CancellationToken cancellationToken) =>
        await authorizer.EnsureAsync(user, PermissionNames.BackupsManage, AccessScope.Everything, cancellationToken);

    private async Task<BackupDestination> OpenAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.BackupDestinations.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken)
            ?? throw NoDestination();
    }

    private static BackupException NoDestination() => new(N("There is no such destination any more."));

    // Not cancelled with the caller: it is done.
    private Task RecordAsync(Actor actor, string action, BackupDestination row, string detail) => audit.WriteAsync(
        new AuditEntry(actor, action, "backup", row.Id.ToString(), row.Name, null, AuditOutcome.Succeeded, detail),
        CancellationToken.None);
}
