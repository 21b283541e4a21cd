using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities.Stacks;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Deployments.Node;
using Portal.Web.Features.Stacks.Git;

namespace Portal.Web.Features.Stacks.Sources;

/// <summary>Shows and changes where stacks come from, for people. A login goes in and never comes out.</summary>
/// <remarks>Singleton; any thread. Seeing asks for <c>stacks.view</c>, all else for <c>stacks.edit</c> on the stack's node.</remarks>
internal sealed class StackSourceDirectory(
    IDbContextFactory<PortalDbContext> contexts,
    IAuthorizer authorizer,
    StackSourceSecrets secrets,
    StackFetcher fetcher,
    GitRepositories repositories,
    IStackSources sources,
    IAuditLog audit,
    TimeProvider time)
{
    private static readonly TimeSpan s_late = TimeSpan.FromMinutes(5);

    /// <summary>The source of a stack; null when it has none, or is none that the user may see.</summary>
    public async Task<StackSourceView?> FindAsync(ClaimsPrincipal user, Guid stackId, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await (
            from row in database.StackSources.AsNoTracking()
            join stack in database.Stacks on row.StackId equals stack.Id
            where row.StackId == stackId
            select new { Source = row, Stack = stack }).SingleOrDefaultAsync(cancellationToken);
        return found is null
            || !await authorizer.IsAllowedAsync(user, PermissionNames.StacksView, found.Stack.Scope(), cancellationToken)
            ? null
            : ViewOf(found.Source, time.GetUtcNow());
    }

    /// <summary>Gives a stack a source or changes it. It is fetched at the next look: now, when somebody asks.</summary>
    /// <exception cref="AccessDeniedException">The user may not edit the stack.</exception>
    /// <exception cref="StackException">There is no such stack, or the input is wrong.</exception>
    public async Task SaveAsync(ClaimsPrincipal user, Guid stackId, StackSourceInput input, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var (stack, actor) = await OpenAsync(database, user, stackId, cancellationToken);
        if (input.Deploys)
        {
            await authorizer.EnsureAsync(user, PermissionNames.StacksDeploy, stack.Scope(), cancellationToken);
        }

        await RefuseLentAsync(database, user, actor, stack, cancellationToken);
        var present = await database.StackSources.SingleOrDefaultAsync(row => row.StackId == stackId, cancellationToken);
        var source = Make(stackId, input, present);
        (source.OwnerId, source.OwnerName) = (actor.UserId, actor.UserName);
        if (present is null)
        {
            database.StackSources.Add(source);
        }

        await database.SaveChangesAsync(cancellationToken);
        var reference = new GitReference(source.ReferenceKind, source.Reference);
        await RecordAsync(actor, "stack.source.update", stack, $"{source.Address}, {reference}");
    }

    /// <summary>Takes the source away; the files stay as they were fetched last, and can be edited.</summary>
    /// <exception cref="AccessDeniedException">The user may not edit the stack.</exception>
    /// <exception cref="StackException">There is no such stack.</exception>
    public async Task RemoveAsync(ClaimsPrincipal user, Guid stackId, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var (stack, actor) = await OpenAsync(database, user, stackId, cancellationToken);
        if (await database.StackSources.Where(row => row.StackId == stackId).ExecuteDeleteAsync(cancellationToken) > 0)
        {
            await RecordAsync(actor, "stack.source.remove", stack, "");
        }
    }

    /// <summary>Asks the server for what is meant, and changes nothing.</summary>
    /// <returns>The commit.</returns>
    /// <exception cref="AccessDeniedException">The user may not edit the stack.</exception>
    /// <exception cref="StackException">There is no such stack, the input is wrong, or the server does not give it; says why.</exception>
    public async Task<string> TestAsync(ClaimsPrincipal user, Guid stackId, StackSourceInput input, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        await OpenAsync(database, user, stackId, cancellationToken);
        var present = await database.StackSources.AsNoTracking().SingleOrDefaultAsync(row => row.StackId == stackId, cancellationToken);
        var source = Make(stackId, input, present);
        return await ToldAsync(() => fetcher.FindAsync(source, cancellationToken));
    }

    /// <summary>The keys that a server of ssh shows, with their fingerprints: for a person to compare and accept.</summary>
    /// <exception cref="AccessDeniedException">The user may not edit the stack.</exception>
    /// <exception cref="StackException">There is no such stack, or the server shows none; says why.</exception>
    public async Task<IReadOnlyList<StackHostKey>> ReadHostKeysAsync(
        ClaimsPrincipal user, Guid stackId, string address, CancellationToken cancellationToken)
    {
        await using (var database = await contexts.CreateDbContextAsync(cancellationToken))
        {
            await OpenAsync(database, user, stackId, cancellationToken);
        }

        if (GitAddress.Parse(address.Trim()) is not { IsSsh: true } parsed)
        {
            throw new StackException(N("Keys are shown by servers of ssh alone.") + " " + GitAddress.Advice);
        }

        var keys = await ToldAsync(() => repositories.ReadHostKeysAsync(parsed, cancellationToken));
        return [.. keys.Select(key => new StackHostKey(key.ToString(), key.Type, key.Fingerprint))];
    }

    /// <summary>Fetches now.</summary>
    /// <exception cref="AccessDeniedException">The user may not edit the stack.</exception>
    /// <exception cref="StackException">There is no such stack.</exception>
    public async Task<StackRefresh> RefreshAsync(ClaimsPrincipal user, Guid stackId, CancellationToken cancellationToken)
    {
        Actor actor;
        await using (var database = await contexts.CreateDbContextAsync(cancellationToken))
        {
            (_, actor) = await OpenAsync(database, user, stackId, cancellationToken);
        }

        return await sources.RefreshAsync(stackId, new(StackRefreshCause.Person, actor, "asked for"), cancellationToken);
    }

    /// <summary>Whether a look that should have been is long over.</summary>
    public static bool IsLate(DateTimeOffset? nextAt, DateTimeOffset now) => nextAt is { } next && now - next > s_late;

    private static StackSourceView ViewOf(StackSource row, DateTimeOffset now) => new()
    {
        Address = row.Address,
        ReferenceKind = row.ReferenceKind,
        Reference = row.Reference,
        ComposeFiles = row.ComposeFiles,
        WithSubmodules = row.WithSubmodules,
        UserName = row.UserName,
        HasLogin = row.KeptSecret.Length > 0,
        HostKeys = [.. HostKey.ParseAll(row.HostKeys).Select(key => $"{key.Type} {key.Fingerprint}")],
        Certificates = row.Certificates,
        PollSeconds = row.PollSeconds,
        Deploys = row.Deploys,
        NextAt = row.NextAt,
        IsLate = IsLate(row.NextAt, now),
        TriedAt = row.TriedAt,
        FetchedAt = row.FetchedAt,
        FailingSince = row.FailingSince,
        Error = row.Error,
        Commit = row.Commit,
        CommitAuthor = row.CommitAuthor,
        CommitSubject = row.CommitSubject,
        CommittedAt = row.CommittedAt,
    };

    private static async Task<T> ToldAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (GitException failure)
        {
            throw new StackException(failure.Message, failure);
        }
    }

    private async Task<(Stack Stack, Actor Actor)> OpenAsync(
        PortalDbContext database, ClaimsPrincipal user, Guid stackId, CancellationToken cancellationToken)
    {
        var stack = await database.Stacks.AsNoTracking().SingleOrDefaultAsync(row => row.Id == stackId, cancellationToken);

        // Whoever may edit nowhere does not learn that there is none.
        if (stack is null && (await authorizer.ReadAccessAsync(user, cancellationToken)).AllowsSomewhere(PermissionNames.StacksEdit))
        {
            throw new StackException(N("There is no such stack any more."));
        }

        var scope = stack is null ? AccessScope.Everything : stack.Scope();
        var actor = await authorizer.EnsureAsync(user, PermissionNames.StacksEdit, scope, cancellationToken);
        return (stack!, actor);
    }

    // What comes from there is deployed in the person's name, with what they may do on the host: a token that may do less must not
    // choose it.
    private async Task RefuseLentAsync(
        PortalDbContext database, ClaimsPrincipal user, Actor actor, Stack stack, CancellationToken cancellationToken)
    {
        var (own, whole) = (await authorizer.ReadAccessAsync(user, cancellationToken),
            await DatabaseAuthorizer.ReadActiveAsync(database, actor.UserId, cancellationToken));
        var scope = stack.Scope();
        if (DeploymentRights.HostReach.FirstOrDefault(name => whole.Allows(name, scope) && !own.Allows(name, scope)) is { } lent)
        {
            throw new StackException(
                E("This token lacks '{0}', which its owner has, and what a source brings is deployed in its owner's name. "
                + "Set the source on the stack's page, or with a token that has it.", lent));
        }
    }

    // What was written before is changed; for a test it is a copy.
    private StackSource Make(Guid stackId, StackSourceInput input, StackSource? present)
    {
        var problems = input.Problems().ToList();
        if (problems.Count > 0)
        {
            throw new StackException(string.Join(' ', problems));
        }

        var address = GitAddress.Parse(input.Address.Trim())!;
        var source = present ?? new StackSource { StackId = stackId };
        var isSameServer = present is not null && GitAddress.Parse(present.Address)?.Server == address.Server;
        var hostKeys = input.HostKeys.Trim().Length > 0 ? input.HostKeys : isSameServer ? source.HostKeys : "";
        var kept = KeptSecret(stackId, input, address, present, isSameServer);
        var access = new GitAccess
        {
            Address = address,
            User = input.UserName.Trim(),
            Secret = secrets.Unprotect(stackId, address, kept),
            HostKeys = hostKeys,
            Certificates = input.Certificates,
        };
        if (GitSession.ProblemOf(access) is { } problem)
        {
            throw new StackException(problem);
        }

        var now = time.GetUtcNow();
        (source.Address, source.ReferenceKind, source.Reference) = (address.Text, input.ReferenceKind, input.Reference.Trim());
        (source.ComposeFiles, source.WithSubmodules) = ([.. input.ComposeFiles], input.WithSubmodules);
        (source.UserName, source.KeptSecret) = (input.UserName.Trim(), kept);
        source.HostKeys = string.Join('\n', HostKey.ParseAll(hostKeys));
        source.Certificates = input.Certificates.Trim();
        (source.PollSeconds, source.Deploys, source.ChangedAt) = (input.PollSeconds, input.Deploys, now);

        // Whoever is fetching fetches what is no longer meant: it loses its claim, and what it finds is not taken.
        (source.ClaimedBy, source.ClaimedUntil, source.Commit) = (null, null, "");
        source.NextAt = input.PollSeconds == 0 ? null : now;
        return source;
    }

    // Otherwise whoever may change an address could have the login, which nobody is shown, sent to a server of their own.
    private string KeptSecret(Guid stackId, StackSourceInput input, GitAddress address, StackSource? present, bool isSameServer)
    {
        if (input.WithoutLogin)
        {
            return "";
        }

        if (input.Secret.Length > 0)
        {
            return secrets.Protect(stackId, address, address.IsSsh ? input.Secret.Trim() : input.Secret);
        }

        if (present is null || present.KeptSecret.Length == 0)
        {
            return "";
        }

        return isSameServer && present.UserName == input.UserName.Trim()
            ? present.KeptSecret
            : throw new StackException(N("Enter the login anew: it belongs to the server and the user name that it was entered for."));
    }

    // Not cancelled with the caller: it is done.
    private Task RecordAsync(Actor actor, string action, Stack stack, string detail) => audit.WriteAsync(
        new AuditEntry(actor, action, "stack", stack.Id.ToString(), stack.Name, stack.AuditNode(), AuditOutcome.Succeeded, detail),
        CancellationToken.None);
}
