using System.ComponentModel;
using System.Globalization;
using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Features.Builds.Begin;
using Portal.Web.Features.Builds.History;
using Portal.Web.Features.Builds.Running;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;
using Portal.Web.Features.Rest.Problems;

namespace Portal.Web.Features.Rest.Builds;

/// <summary>Builds of images: one's own, and those of others on nodes where one may see all builds.</summary>
internal static class BuildEndpoints
{
    private const string Build = "/builds/{runId:guid}";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/builds", ListAsync).Needs(PermissionNames.ImagesBuild, or: PermissionNames.BuildsView)
            .Says<Page<BuildItem>>("listBuilds", "Builds, newest first: one's own, and those of others where one may see all.");
        api.MapGet(Build, FindAsync).Needs(PermissionNames.ImagesBuild, or: PermissionNames.BuildsView).Says<BuildItem>("getBuild", "A build.");
        api.MapGet(Build + "/steps", StepsAsync).Needs(PermissionNames.ImagesBuild, or: PermissionNames.BuildsView)
            .Says<Page<BuildStepItem>>("listBuildSteps", "The steps of a build with what they wrote; of one that runs, as far as it is.");
        api.MapPost("/nodes/{nodeId:guid}/builds", StartAsync).Needs(PermissionNames.ImagesBuild)
            .Says<BuildStarted>("startBuild", "Begins a build, which goes on by itself; one of an upload waits for its context.", 201);
        api.MapPost(Build + "/cancel", CancelAsync).Needs(PermissionNames.ImagesBuild)
            .Does("cancelBuild", "Stops a build of one's own; finished steps stay in the node's cache.");
    }

    private static async Task<IResult> ListAsync(
        [Description("Part of an image's name, a source, a person or a node.")] string? text, string? state, Guid? node,
        [AsParameters] PageQuery page, ClaimsPrincipal user, BuildHistory history, CancellationToken cancellationToken)
    {
        var before = page.After() is not { } cursor ? (DateTimeOffset?)null
            : DateTimeOffset.TryParseExact(cursor, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment) ? moment
            : throw PageQuery.Wrong();
        var filter = new BuildFilter { Text = text, State = state, NodeId = node, Before = before };
        var rows = await history.ListAsync(user, filter, page.Size + 1, cancellationToken);
        var shown = rows.Take(page.Size).Select(row => BuildItem.Of(row, history.StateOf(row))).ToList();
        var next = rows.Count > page.Size ? PageQuery.CursorOf(shown[^1].StartedAt.ToString("O", CultureInfo.InvariantCulture)) : null;
        return RestResults.Ok(new Page<BuildItem>(shown, next));
    }

    private static async Task<IResult> FindAsync(
        Guid runId, ClaimsPrincipal user, BuildHistory history, BuildRuns runs, FleetView fleet, CancellationToken cancellationToken)
    {
        if (await history.FindAsync(user, runId, cancellationToken) is { } row)
        {
            return RestResults.Ok(BuildItem.Of(row, history.StateOf(row)));
        }

        // Whoever was just told its id finds it.
        var run = runs.Find(user, runId) ?? throw RestProblemException.NotFound("build");
        return RestResults.Ok(BuildItem.Of(run, user.Identity?.Name ?? "", fleet.Find(run.NodeId)?.Name ?? ""));
    }

    private static async Task<IResult> StepsAsync(
        Guid runId, [AsParameters] PageQuery page, ClaimsPrincipal user, BuildRuns runs, BuildHistory history,
        CancellationToken cancellationToken)
    {
        var steps = runs.Find(user, runId) is { } run ? run.Steps.Select(BuildStepItem.Of)
            : await history.FindAsync(user, runId, cancellationToken) is { } row
                ? (BuildDetail.Read(row.Detail)?.Steps ?? []).Select(BuildStepItem.Of)
                : throw RestProblemException.NotFound("build");
        return RestResults.Ok(page.Cut(steps, step => step.Number.ToString("D6", CultureInfo.InvariantCulture), step => step));
    }

    private static async Task<IResult> StartAsync(
        Guid nodeId, RestBody<StartBuild> body, HttpContext context, FleetView fleet, BuildRuns runs)
    {
        var node = await fleet.NodeAsync(context.User, nodeId, PermissionNames.ImagesBuild, context.RequestAborted);
        if (!node.TakesPlacements)
        {
            throw new RestProblemException(
                ProblemKind.Conflict, $"The node '{node.Name}' takes nothing new: it is drained or in maintenance.");
        }

        var form = body.Value.ToForm(nodeId);
        var isUpload = form.Source == BuildSource.Upload;
        var run = runs.Start(
            context.User, nodeId, body.Value.ToOptions(form), form.Title, form.RegistryHosts, isUpload, body.Value.ToSecrets(form));
        if (run is { EndedAt: not null, Error: { } error })
        {
            throw RestResults.Refused(error);
        }

        var upload = isUpload ? $"{RestApi.Path}/nodes/{nodeId}/builds/{run.Id}/context" : null;
        return RestResults.Created(context, $"/builds/{run.Id}", new BuildStarted(run.Id, isUpload ? "waiting" : "running", upload));
    }

    // Where it runs it is asked for again: a token may be good for other nodes than its owner.
    private static async Task<IResult> CancelAsync(
        Guid runId, HttpContext context, IAuthorizer authorizer, BuildRuns runs, BuildHistory history)
    {
        if (runs.Find(context.User, runId) is not { } run)
        {
            _ = await history.FindAsync(context.User, runId, context.RequestAborted) ?? throw RestProblemException.NotFound("build");
            throw new RestProblemException(ProblemKind.Conflict, "It has ended, is another person's, or runs through another portal.");
        }

        await authorizer.EnsureAsync(context.User, PermissionNames.ImagesBuild, AccessScope.Node(run.NodeId), context.RequestAborted);
        if (run.EndedAt is not null)
        {
            throw new RestProblemException(ProblemKind.Conflict, "It has ended already.");
        }

        run.Cancel();
        return RestResults.NoContent();
    }
}
