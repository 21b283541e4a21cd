using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities.Deployments;
using Portal.Data.Entities.Stacks;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Stacks;

namespace Portal.Web.Features.Deployments.Reporting;

/// <summary>Shows and sets where the status of a stack's commits is reported to. A token goes in and never comes out.</summary>
/// <remarks>Singleton; any thread. Seeing asks for <c>stacks.view</c>, all else for <c>stacks.edit</c> on the stack's node.</remarks>
internal sealed class CommitReporters(
    IDbContextFactory<PortalDbContext> contexts, CommitTokens tokens, IAuthorizer authorizer, IAuditLog audit, TimeProvider time)
{
    /// <summary>Null where nothing is reported, or there is no such stack that the user may see.</summary>
    public async Task<CommitReporterView?> FindAsync(ClaimsPrincipal user, Guid stackId, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        if (await SeenAsync(database, user, stackId, cancellationToken) is null)
        {
            return null;
        }

        var row = await database.CommitReporters.AsNoTracking().SingleOrDefaultAsync(row => row.StackId == stackId, cancellationToken);
        return row is null ? null : new CommitReporterView(
            Enum.Parse<CommitHost>(row.Host), row.BaseUrl, row.Project, row.Context, row.PortalUrl, row.ChangedBy, row.ChangedAt);
    }

    /// <summary>How the newest report went; null for none.</summary>
    public async Task<CommitReport?> LastAsync(ClaimsPrincipal user, Guid stackId, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await SeenAsync(database, user, stackId, cancellationToken) is null ? null : await database.CommitReports.AsNoTracking()
            .Where(row => row.StackId == stackId).OrderByDescending(row => row.WantedAt).FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>Sets it: deployments from now on are reported.</summary>
    /// <exception cref="AccessDeniedException">The user may not edit the stack.</exception>
    /// <exception cref="StackException">There is no such stack, or the input is wrong.</exception>
    public async Task SaveAsync(ClaimsPrincipal user, Guid stackId, CommitReporterInput input, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var (stack, actor) = await OpenAsync(database, user, stackId, cancellationToken);
        if (input.Problem() is { } problem)
        {
            throw new StackException(problem);
        }

        var row = await database.CommitReporters.SingleOrDefaultAsync(row => row.StackId == stackId, cancellationToken);
        var isSameServer = row is not null && CommitTokens.ServerOf(row.BaseUrl) == CommitTokens.ServerOf(input.BaseUrl);
        if (input.Token is null && !isSameServer)
        {
            throw new StackException(N("Enter a token for this server: one is good for its own server alone."));
        }

        row ??= database.CommitReporters.Add(new CommitReporter { StackId = stackId }).Entity;
        (row.Host, row.BaseUrl, row.Project) = (input.Host.ToString(), input.BaseUrl.TrimEnd('/'), input.Project);
        (row.Context, row.PortalUrl) = (input.Context, input.PortalUrl.TrimEnd('/'));
        row.KeptToken = input.Token is null ? row.KeptToken : tokens.Protect(stackId, input.BaseUrl, input.Token);
        (row.ChangedAt, row.ChangedBy) = (time.GetUtcNow(), actor.UserName);
        await database.SaveChangesAsync(cancellationToken);
        await RecordAsync(actor, "stack.commit_status.update", stack, $"{row.Host} {row.BaseUrl}, {row.Project}");
    }

    /// <summary>Ends it. The token is forgotten.</summary>
    /// <exception cref="AccessDeniedException">The user may not edit the stack.</exception>
    /// <exception cref="StackException">There is no such stack.</exception>
    public async Task RemoveAsync(ClaimsPrincipal user, Guid stackId, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var (stack, actor) = await OpenAsync(database, user, stackId, cancellationToken);
        if (await database.CommitReporters.Where(row => row.StackId == stackId).ExecuteDeleteAsync(cancellationToken) > 0)
        {
            await RecordAsync(actor, "stack.commit_status.remove", stack, "");
        }
    }

    private async Task<(Stack Stack, Actor Actor)> OpenAsync(
        PortalDbContext database, ClaimsPrincipal user, Guid stackId, CancellationToken cancellationToken)
    {
        var stack = await SeenAsync(database, user, stackId, cancellationToken)
            ?? throw new StackException(N("There is no such stack any more."));
        var scope = stack.Scope();
        return (stack, await authorizer.EnsureAsync(user, PermissionNames.StacksEdit, scope, cancellationToken));
    }

    private async Task<Stack?> SeenAsync(
        PortalDbContext database, ClaimsPrincipal user, Guid stackId, CancellationToken cancellationToken)
    {
        var stack = await database.Stacks.AsNoTracking().SingleOrDefaultAsync(row => row.Id == stackId, cancellationToken);
        return stack is not null
            && await authorizer.IsAllowedAsync(user, PermissionNames.StacksView, stack.Scope(), cancellationToken)
            ? stack : null;
    }

    // Not cancelled with the caller: it is done.
    private Task RecordAsync(Actor actor, string action, Stack stack, string detail) => audit.WriteAsync(
        new AuditEntry(actor, action, "stack", $"{stack.Id}", stack.Name, stack.AuditNode(), AuditOutcome.Succeeded, detail),
        CancellationToken.None);
}
