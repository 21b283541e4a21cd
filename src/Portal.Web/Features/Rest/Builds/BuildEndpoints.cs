using System.ComponentModel;
using System.Globalization;
using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Builds.History;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;
using Portal.Web.Features.Rest.Problems;

namespace Portal.Web.Features.Rest.Builds;

/// <summary>Builds of images: one's own; everybody's for who reads the audit log.</summary>
internal static class BuildEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/builds", ListAsync).Needs(PermissionNames.ImagesBuild).Says<Page<BuildItem>>("listBuilds", "Builds, newest first.");
        api.MapGet("/builds/{runId:guid}", FindAsync).Needs(PermissionNames.ImagesBuild).Says<BuildItem>("getBuild", "A build.");
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
        Guid runId, ClaimsPrincipal user, BuildHistory history, CancellationToken cancellationToken) =>
        await history.FindAsync(user, runId, cancellationToken) is { } row
            ? RestResults.Ok(BuildItem.Of(row, history.StateOf(row)))
            : throw RestProblemException.NotFound("build");
}
