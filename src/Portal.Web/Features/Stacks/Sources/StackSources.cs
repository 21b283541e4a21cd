using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Data;
using Portal.Data.Entities.Stacks;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Deployments.Node;
using Portal.Web.Features.Stacks.Files;
using Portal.Web.Features.Stacks.Git;
using Portal.Web.Languages;

namespace Portal.Web.Features.Stacks.Sources;

/// <inheritdoc cref="IStackSources"/>
/// <remarks>
/// Singleton; any thread. Whoever fetches has the source's row claimed for a while, so that of all portals one does it; what was found is
/// written in one transaction with the end of the claim.
/// </remarks>
internal sealed class StackSources(
    IDbContextFactory<PortalDbContext> contexts,
    StackFetcher fetcher,
    StackSecrets secrets,
    IDeployments deployments,
    IAuditLog audit,
    TimeProvider time) : IStackSources
{
    private const int LongestError = 2048;
    private const int MostAttempts = 5;
    /// <summary>How long whoever fetches has a source for itself; longer than any fetch takes.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    public async Task<StackRefresh> RefreshAsync(Guid stackId, StackRefreshReason reason, CancellationToken cancellationToken)
    {
        // What comes of it is kept, for whoever looks later. Ends with this method's flow.
        CultureInfo.CurrentUICulture = Language.English.Culture;
        var deadline = time.GetUtcNow() + s_patience;
        var claim = Guid.NewGuid();
        while (!await ClaimAsync(stackId, claim, cancellationToken))
        {
            await using var database = await contexts.CreateDbContextAsync(cancellationToken);
            if (!await database.StackSources.AnyAsync(source => source.StackId == stackId, cancellationToken))
            {
                return new StackRefresh(StackRefreshOutcome.NoSource, "", 0, N("The stack has no Git source."));
            }

            if (time.GetUtcNow() > deadline)
            {
                return new StackRefresh(StackRefreshOutcome.Failed, "", 0, N("Somebody else has been fetching it for minutes."));
            }

            await Task.Delay(s_pause, time, cancellationToken);
        }

        return await RefreshAsync(stackId, claim, reason, cancellationToken);
    }

    /// <summary>Looks at a source that the caller has claimed, and ends the claim.</summary>
    public async Task<StackRefresh> RefreshAsync(Guid stackId, Guid claim, StackRefreshReason reason, CancellationToken cancellationToken)
    {
        try
        {
            var (found, entry) = await LookAsync(stackId, claim, reason, cancellationToken);
            await DeployAsync(stackId, reason, found, cancellationToken);
            if (entry is not null)
            {
                await audit.WriteAsync(entry, CancellationToken.None);
            }

            return found;
        }
        catch
        {
            // The portal stops, or the database is away: who comes next need not wait for the claim to run out.
            await ReleaseAsync(stackId, claim);
            throw;
        }
    }

    private async Task<(StackRefresh Found, AuditEntry? Entry)> LookAsync(
        Guid stackId, Guid claim, StackRefreshReason reason, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var source = await database.StackSources.AsNoTracking()
            .SingleOrDefaultAsync(row => row.StackId == stackId && row.ClaimedBy == claim, cancellationToken);
        var stack = await database.Stacks.AsNoTracking().SingleOrDefaultAsync(row => row.Id == stackId, cancellationToken);
        if (source is null || stack is null)
        {
            return (new StackRefresh(StackRefreshOutcome.NoSource, "", 0, N("The stack has no Git source any more.")), null);
        }

        StackRefresh found;
        try
        {
            var commit = await fetcher.FindAsync(source, cancellationToken);
            if (commit == source.Commit)
            {
                var isDone = await FinishAsync(source, claim, row => row.FetchedAt = time.GetUtcNow(), cancellationToken);
                found = !isDone ? Overtaken(stack.Revision)
                    : new(StackRefreshOutcome.Unchanged, commit, stack.Revision, N("The commit is still the same."));
            }
            else
            {
                var isDeployed = source.Deploys || reason.Cause == StackRefreshCause.Webhook;
                found = await TakeAsync(source, claim, commit, isDeployed, cancellationToken);
            }
        }
        catch (Exception failure) when (failure is GitException or StackException)
        {
            var error = GitWords.Plain(failure.Message, LongestError);
            var since = source.FailingSince ?? time.GetUtcNow();
            await FinishAsync(source, claim, row => (row.Error, row.FailingSince) = (error, since), cancellationToken);
            found = new(StackRefreshOutcome.Failed, "", stack.Revision, error);
        }

        return (found, EntryOf(stack, source, found, reason));
    }

    // Looks by themselves are many: what they find changed is on record, and the first of failures in a row.
    private static AuditEntry? EntryOf(Stack stack, StackSource source, StackRefresh found, StackRefreshReason reason)
    {
        var isNews = found.Outcome == StackRefreshOutcome.Changed
            || (found.Outcome == StackRefreshOutcome.Failed && source.FailingSince is null);
        return reason.Cause == StackRefreshCause.Poll && !isNews ? null : new AuditEntry(
            reason.Actor, "stack.fetch", "stack", stack.Id.ToString(), stack.Name, stack.AuditNode(),
            found.Outcome == StackRefreshOutcome.Failed ? AuditOutcome.Failed : AuditOutcome.Succeeded,
            AuditEntry.Join(reason.Text, found.Message));
    }

    // Noted with the revision, and queued after it: a portal that ends in between leaves it to the next look. In nobody's name but
    // that of
    // the revision's author; what a person stopped stays so.
    private async Task DeployAsync(Guid stackId, StackRefreshReason reason, StackRefresh found, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var owed = database.StackSources.Where(source => source.StackId == stackId && source.OwesDeployment);
        if (!await owed.AnyAsync(cancellationToken))
        {
            return;
        }

        var (cause, name) = reason.Cause == StackRefreshCause.Webhook
            ? (DeploymentCause.Webhook, reason.Actor.UserName) : (DeploymentCause.Git, "Git");
        var text = found.Outcome == StackRefreshOutcome.Changed ? AuditEntry.Join(reason.Text, found.Message) : reason.Text;
        var order = new DeploymentOrder(stackId, null, cause, text, null, name)
        {
            AskedById = reason.Actor.UserId == Guid.Empty ? null : reason.Actor.UserId,
        };
        await deployments.EnqueueAsync(order, cancellationToken);
        await owed.ExecuteUpdateAsync(row => row.SetProperty(source => source.OwesDeployment, false), CancellationToken.None);
    }

    private async Task<StackRefresh> TakeAsync(
        StackSource source, Guid claim, string commit, bool isDeployed, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var database = await contexts.CreateDbContextAsync(cancellationToken);
            var stack = await database.Stacks.SingleAsync(row => row.Id == source.StackId, cancellationToken);
            var newest = await database.StackRevisions.AsNoTracking()
                .SingleAsync(row => row.StackId == stack.Id && row.Number == stack.Revision, cancellationToken);
            var values = secrets.Unprotect(stack.Id, newest.KeptValues);
            var (found, files) = await fetcher.FetchAsync(
                source, commit, stack.Name, values, stack.EnvironmentId is not null, cancellationToken);
            var isSame = files.IsSameAs(await StackFileStore.ReadAsync(database, newest, cancellationToken));
            if (!isSame)
            {
                await AddRevisionAsync(database, source, stack, newest, found, files, cancellationToken);
            }

            try
            {
                if (!await FinishAsync(database, source, claim, row => Set(row, found, commit, isDeployed && !isSame), cancellationToken))
                {
                    return Overtaken(newest.Number);
                }
            }
            catch (DbUpdateException failure)
                when (attempt < MostAttempts
                    && failure.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
            {
                // A person saved a revision meanwhile: what they changed are values, and the next round has them.
                continue;
            }

            return isSame
                ? new(StackRefreshOutcome.Unchanged, commit, stack.Revision, E("Commit {0:name} changes none of the stack's files.", found.ShortId))
                : new(StackRefreshOutcome.Changed, commit, stack.Revision, InWords(found));
        }
    }

    private async Task AddRevisionAsync(
        PortalDbContext database, StackSource source, Stack stack, StackRevision newest, GitCommit found, StackFileSet files,
        CancellationToken cancellationToken)
    {
        stack.Revision++;
        var revision = RevisionOf(stack, source, found, time.GetUtcNow());
        (revision.ValueNames, revision.KeptValues, revision.Images) = (newest.ValueNames, newest.KeptValues, newest.Images);
        revision.AuthorReach = await ReachAsync(database, source, stack, newest, cancellationToken);
        await StackFileStore.AddAsync(database, revision, files, cancellationToken);
        database.StackRevisions.Add(revision);
    }

    // The values are what another person may have put in, or a token: what they say is deployed with no more than those may.
    private static async Task<string[]?> ReachAsync(
        PortalDbContext database, StackSource source, Stack stack, StackRevision newest, CancellationToken cancellationToken)
    {
        if (newest.AuthorId == source.OwnerId || newest.KeptValues.Length == 0)
        {
            return newest.KeptValues.Length == 0 ? null : newest.AuthorReach;
        }

        var access = await DatabaseAuthorizer.ReadActiveAsync(database, newest.AuthorId, cancellationToken);
        var scope = stack.Scope();
        return [.. DeploymentRights.HostReach.Where(name => access.Allows(name, scope) && newest.AuthorReach?.Contains(name) != false)];
    }

    // In the name of who chose the source: whoever may push there has no say here but by that person's.
    private static StackRevision RevisionOf(Stack stack, StackSource source, GitCommit found, DateTimeOffset now) => new()
    {
        StackId = stack.Id,
        Number = stack.Revision,
        AuthorId = source.OwnerId,
        AuthorName = source.OwnerName,
        Message = InWords(found),
        CreatedAt = now,
        Commit = found.Id,
    };

    private void Set(StackSource source, GitCommit found, string commit, bool isDeployed)
    {
        source.OwesDeployment |= isDeployed;
        source.FetchedAt = time.GetUtcNow();
        (source.Commit, source.CommitAuthor) = (commit, found.Author);
        (source.CommitSubject, source.CommittedAt) = (found.Subject, found.At);
    }

    private static StackRefresh Overtaken(int revision) =>
        new(StackRefreshOutcome.Failed, "", revision, N("The source was changed while it was fetched. Fetch it again."));

    private static string InWords(GitCommit found) => $"{found.ShortId} by {found.Author}: {found.Subject}";

    private async Task<bool> ClaimAsync(Guid stackId, Guid claim, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var until = now + Lease;
        return await database.StackSources
            .Where(source => source.StackId == stackId && (source.ClaimedUntil == null || source.ClaimedUntil < now))
            .ExecuteUpdateAsync(
                row => row.SetProperty(source => source.ClaimedBy, claim).SetProperty(source => source.ClaimedUntil, until),
                cancellationToken) > 0;
    }

    private async Task ReleaseAsync(Guid stackId, Guid claim)
    {
        await using var database = await contexts.CreateDbContextAsync(CancellationToken.None);
        await database.StackSources.Where(source => source.StackId == stackId && source.ClaimedBy == claim).ExecuteUpdateAsync(
            row => row.SetProperty(source => source.ClaimedBy, (Guid?)null)
                .SetProperty(source => source.ClaimedUntil, (DateTimeOffset?)null),
            CancellationToken.None);
    }

    private async Task<bool> FinishAsync(StackSource source, Guid claim, Action<StackSource> change, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await FinishAsync(database, source, claim, change, cancellationToken);
    }

    // With all that the context holds: a revision is there with the end of its look, or neither is. False when the source is another
    // by now.
    private async Task<bool> FinishAsync(
        PortalDbContext database, StackSource source, Guid claim, Action<StackSource> change, CancellationToken cancellationToken)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        var row = await database.StackSources.FromSql($"select * from stack_sources where stack_id = {source.StackId} for update")
            .SingleOrDefaultAsync(cancellationToken);
        if (row is null || row.ClaimedBy != claim || row.ChangedAt != source.ChangedAt)
        {
            return false;
        }

        var now = time.GetUtcNow();
        (row.TriedAt, row.ClaimedBy, row.ClaimedUntil, row.NextAt) = (now, null, null, NextAfter(now, row.PollSeconds));
        (row.Error, row.FailingSince) = ("", null);
        change(row);
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>When to look again: portals and stacks that began together drift apart.</summary>
    public static DateTimeOffset? NextAfter(DateTimeOffset now, int pollSeconds) => pollSeconds == 0
        ? null
        : now + TimeSpan.FromSeconds(pollSeconds * (0.9 + (0.2 * Random.Shared.NextDouble())));
}
