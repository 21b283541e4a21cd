using System.ComponentModel;
using System.Globalization;
using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Events;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;

namespace Portal.Web.Features.Rest.Events;

/// <summary>What happened on nodes, as it was kept.</summary>
internal static class KeptEventEndpoints
{
    public static void Map(RouteGroupBuilder api) => api.MapGet("/node-events", ListAsync).Needs(PermissionNames.NodesView)
        .Says<Page<FleetEvent>>("listNodeEvents", "Events of the engines of nodes, newest first, of what you may see there.");

    private static async Task<IResult> ListAsync(
        [Description("Part of an action, or of an object's name or id.")] string? q,
        [Description("container, image, network, volume or daemon.")] string? type,
        [Description("A node's name.")] string? node,
        [AsParameters] PageQuery page, ClaimsPrincipal user, EventReader events, CancellationToken cancellationToken)
    {
        var filter = new EventFilter(q ?? "", EventFilter.Types.Contains(type) ? type! : "", node ?? "");
        var found = await events.ReadAsync(user, filter, Before(page.After()), page.Size + 1, cancellationToken);
        var shown = found.Take(page.Size).ToList();
        return RestResults.Ok(new Page<FleetEvent>(shown, found.Count > page.Size ? PageQuery.CursorOf(KeyOf(shown[^1])) : null));
    }

    private static string KeyOf(FleetEvent last) => string.Create(
        CultureInfo.InvariantCulture, $"{last.At.UtcTicks} {last.NodeId} {last.Epoch} {last.Sequence}");

    private static FleetEvent? Before(string? cursor)
    {
        const NumberStyles Digits = NumberStyles.None;
        var culture = CultureInfo.InvariantCulture;
        return cursor is null ? null
            : cursor.Split(' ') is [var at, var node, var epoch, var sequence]
                && long.TryParse(at, Digits, culture, out var ticks) && ticks <= DateTimeOffset.MaxValue.Ticks
                && Guid.TryParse(node, out var nodeId)
                && int.TryParse(epoch, Digits, culture, out var epochNumber)
                && long.TryParse(sequence, Digits, culture, out var number)
                ? new FleetEvent(
                    nodeId, epochNumber, number, new DateTimeOffset(ticks, TimeSpan.Zero), "", "", "", new Dictionary<string, string>())
                : throw PageQuery.Wrong();
    }
}
