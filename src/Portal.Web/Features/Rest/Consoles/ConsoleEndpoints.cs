using System.Globalization;
using System.Security.Claims;
using Portal.Contracts.Consoles.V1;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Consoles;
using Portal.Web.Features.Consoles.Recordings;
using Portal.Web.Features.Containers;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;
using Portal.Web.Features.Rest.Problems;

namespace Portal.Web.Features.Rest.Consoles;

/// <summary>Consoles that are open, and those that were recorded. To type in one takes a page: its terminal is a WebSocket.</summary>
internal static class ConsoleEndpoints
{
    private const string Consoles = "/nodes/{nodeId:guid}/consoles";
    private const string Console = Consoles + "/{console}";

    public static void Map(RouteGroupBuilder api)
    {
        // The node shows one's own, and others' for who may see those.
        api.MapGet(Consoles, ListAsync).Needs(PermissionNames.NodesView)
            .Says<Page<ConsoleInfo>>("listConsoles", "The consoles of a node that you may see.");
        api.MapPut(Console, UpdateAsync).Needs(PermissionNames.NodesView)
            .Does("updateConsole", "Renames one's own console, or shares it.");
        api.MapDelete(Console, EndAsync).Needs(PermissionNames.NodesView)
            .Does("endConsole", "Ends a console: one's own, or, with 'consoles.end', another's.");
        api.MapGet("/nodes/{nodeId:guid}/containers/{container}/shells", ShellsAsync).Needs(PermissionNames.ContainersExec)
            .Says<IReadOnlyList<string>>("listShells", "The shells that a container has, the best first.");
        api.MapGet("/consoles/recordings", RecordingsAsync).Needs(PermissionNames.ConsolesReplay)
            .Says<Page<RecordingItem>>("listRecordings", "Recorded consoles, newest first.");
    }

    private static async Task<IResult> ListAsync(
        Guid nodeId, [AsParameters] PageQuery page, ClaimsPrincipal user, NodeConsoles consoles, CancellationToken cancellationToken) =>
        RestResults.Ok(page.Cut(
            await consoles.ListAsync(user, nodeId, null, cancellationToken), console => console.Id, console => console));

    private static async Task<IResult> UpdateAsync(
        Guid nodeId, string console, RestBody<ConsoleChange> body, ClaimsPrincipal user, NodeConsoles consoles)
    {
        var found = await FindAsync(user, nodeId, console, consoles);
        await consoles.UpdateAsync(user, nodeId, found, body.Value.Name, body.Value.Sharing, CancellationToken.None);
        return RestResults.NoContent();
    }

    private static async Task<IResult> EndAsync(Guid nodeId, string console, ClaimsPrincipal user, NodeConsoles consoles)
    {
        await consoles.EndAsync(user, nodeId, await FindAsync(user, nodeId, console, consoles), CancellationToken.None);
        return RestResults.NoContent();
    }

    private static async Task<IResult> ShellsAsync(
        Guid nodeId, string container, ClaimsPrincipal user, NodeConsoles consoles, CancellationToken cancellationToken) =>
        RestResults.Ok(await consoles.ListShellsAsync(user, new ContainerKey(nodeId, container, container), cancellationToken));

    private static async Task<IResult> RecordingsAsync(
        [AsParameters] PageQuery page, ClaimsPrincipal user, RecordedConsoles recordings, CancellationToken cancellationToken)
    {
        var before = page.After() is not { } cursor ? (DateTimeOffset?)null
            : DateTimeOffset.TryParseExact(cursor, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment) ? moment
            : throw PageQuery.Wrong();
        var rows = await recordings.ListAsync(user, before?.ToUniversalTime(), page.Size + 1, cancellationToken);
        var shown = rows.Take(page.Size).Select(RecordingItem.Of).ToList();
        var next = rows.Count > page.Size ? PageQuery.CursorOf(shown[^1].StartedAt.ToString("O", CultureInfo.InvariantCulture)) : null;
        return RestResults.Ok(new Page<RecordingItem>(shown, next));
    }

    private static async Task<ConsoleInfo> FindAsync(ClaimsPrincipal user, Guid nodeId, string id, NodeConsoles consoles)
    {
        var all = await consoles.ListAsync(user, nodeId, null, CancellationToken.None);
        return all.FirstOrDefault(console => console.Id == id) ?? throw RestProblemException.NotFound("console");
    }
}
