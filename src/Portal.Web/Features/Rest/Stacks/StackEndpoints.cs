using System.ComponentModel;
using System.Globalization;
using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Data.Entities.Deployments;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Features.Stacks;

namespace Portal.Web.Features.Rest.Stacks;

/// <summary>The list of stacks, and what is deployed of them. What they say is in <see cref="Editing.StackEditEndpoints"/>.</summary>
internal static class StackEndpoints
{
    private const string Stack = "/stacks/{stackId:guid}";
    private const string Deployment = "/deployments/{deploymentId:guid}";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/stacks", ListAsync).Needs(PermissionNames.StacksView)
            .Says<Page<StackItem>>("listStacks", "The stacks of all nodes that you may see.");
        api.MapGet(Stack + "/deployments", ListOfStackAsync).Needs(PermissionNames.StacksView)
            .Says<Page<DeploymentItem>>("listStackDeployments", "The deployments of a stack, newest first.");
        api.MapPost(Stack + "/deployments", OrderAsync).Needs(PermissionNames.StacksDeploy)
            .Says<DeploymentItem>("createDeployment", "Queues a deployment, or a start, stop, restart or removal.", 201);
        api.MapGet("/deployments", ListAllAsync).Needs(PermissionNames.StacksView)
            .Says<Page<DeploymentItem>>("listDeployments", "The deployments of all stacks that you may see, newest first.");
        api.MapGet(Deployment, FindDeploymentAsync).Needs(PermissionNames.StacksView)
            .Says<DeploymentDetail>("getDeployment", "A deployment with its steps.");
        api.MapGet(Deployment + "/log", ReadLogAsync).Needs(PermissionNames.StacksView)
            .Says<Page<DeploymentLogLine>>("getDeploymentLog", "What a deployment wrote, oldest first; the cursor goes on while it runs.");
        api.MapPost(Deployment + "/cancel", CancelAsync).Needs(PermissionNames.StacksDeploy)
            .Does("cancelDeployment", "Ends a deployment; what it has changed goes back to what ran before.");
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] PageQuery page, ClaimsPrincipal user, StackDirectory stacks, CancellationToken cancellationToken) =>
        RestResults.Ok(page.Cut(await stacks.ListAsync(user, cancellationToken), stack => $"{stack.Name}\n{stack.Id}", StackItem.Of));

    private static async Task<IResult> ListOfStackAsync(
        Guid stackId, [AsParameters] PageQuery page, ClaimsPrincipal user, StackDirectory stacks, DeploymentQueries queries,
        CancellationToken cancellationToken)
    {
        _ = await stacks.FindAsync(user, stackId, cancellationToken) ?? throw RestProblemException.NotFound("stack");
        return await PageAsync(user, stackId, null, page, queries, cancellationToken);
    }

    private static Task<IResult> ListAllAsync(
        [Description(
            "awaiting-approval, awaiting-window, queued, running, paused, succeeded, failed, rolled-back, cancelled, superseded, skipped, "
            + "refused or expired.")] DeploymentState? state,
        [AsParameters] PageQuery page, ClaimsPrincipal user, DeploymentQueries queries, CancellationToken cancellationToken) =>
        PageAsync(user, null, state?.ToString(), page, queries, cancellationToken);

    private static async Task<IResult> PageAsync(
        ClaimsPrincipal user, Guid? stackId, string? state, PageQuery page, DeploymentQueries queries, CancellationToken cancellationToken)
    {
        var before = page.After() is not { } cursor ? (Guid?)null
            : Guid.TryParseExact(cursor, "D", out var id) ? id : throw PageQuery.Wrong();
        var rows = await queries.ListAsync(user, stackId, state, before, page.Size + 1, cancellationToken);
        var shown = rows.Take(page.Size).Select(DeploymentItem.Of).ToList();
        return RestResults.Ok(new Page<DeploymentItem>(shown, rows.Count > page.Size ? PageQuery.CursorOf($"{shown[^1].Id}") : null));
    }

    private static async Task<IResult> OrderAsync(
        Guid stackId, RestBody<DeploymentBody> body, HttpContext context, DeploymentCommands commands, StackDirectory stacks,
        DeploymentQueries queries)
    {
        _ = await stacks.FindAsync(context.User, stackId, context.RequestAborted) ?? throw RestProblemException.NotFound("stack");
        try
        {
            // What was asked for is done even when nobody waits for the answer any more.
            var id = await commands.OrderAsync(context.User, body.Value.ToRequest(stackId), CancellationToken.None);
            var found = await GetAsync(context.User, id, queries, CancellationToken.None);
            return RestResults.Created(context, $"/deployments/{id}", DeploymentItem.Of(found.Deployment));
        }
        catch (StackException failure)
        {
            throw RestResults.Refused(failure.Message);
        }
    }

    private static async Task<IResult> FindDeploymentAsync(
        Guid deploymentId, ClaimsPrincipal user, DeploymentQueries queries, CancellationToken cancellationToken)
    {
        var (deployment, steps) = await GetAsync(user, deploymentId, queries, cancellationToken);
        return RestResults.Ok(DeploymentDetail.Of(deployment, steps));
    }

    private static async Task<IResult> ReadLogAsync(
        Guid deploymentId, [AsParameters] PageQuery page, ClaimsPrincipal user, DeploymentQueries queries,
        CancellationToken cancellationToken)
    {
        var (deployment, _) = await GetAsync(user, deploymentId, queries, cancellationToken);
        var after = page.After() is not { } cursor ? 0
            : long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw PageQuery.Wrong();
        var lines = await queries.ReadLogAsync(user, deployment, after, page.Size, cancellationToken);
        var isOver = deployment.FinishedAt is not null && lines.Count < page.Size;
        var next = isOver ? null : PageQuery.CursorOf((lines.Count > 0 ? lines[^1].Id : after).ToString(CultureInfo.InvariantCulture));
        return RestResults.Ok(new Page<DeploymentLogLine>(
            [.. lines.Select(line => new DeploymentLogLine(line.WrittenAt, line.IsError, line.Text))], next));
    }

    private static async Task<IResult> CancelAsync(
        Guid deploymentId, ClaimsPrincipal user, DeploymentCommands commands, DeploymentQueries queries)
    {
        await GetAsync(user, deploymentId, queries, CancellationToken.None);
        try
        {
            return await commands.CancelAsync(user, deploymentId, CancellationToken.None)
                ? RestResults.NoContent()
                : throw new RestProblemException(ProblemKind.Conflict, "It has ended already.");
        }
        catch (StackException failure)
        {
            throw RestResults.Refused(failure.Message);
        }
    }

    private static async Task<(Deployment Deployment, IReadOnlyList<DeploymentStep> Steps)> GetAsync(
        ClaimsPrincipal user, Guid id, DeploymentQueries queries, CancellationToken cancellationToken) =>
        await queries.FindAsync(user, id, cancellationToken) ?? throw RestProblemException.NotFound("deployment");
}
