using Portal.Web.Components.Shared;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Nodes;

internal static class NodeTone
{
    public static StatusTone Of(NodeState node) => node.Presence switch
    {
        NodePresence.Online when !node.TakesPlacements => StatusTone.Warning,
        NodePresence.Online => StatusTone.Good,
        NodePresence.Connecting => StatusTone.Busy,
        _ => StatusTone.Bad,
    };

    public static string TextOf(NodeState node) => PresenceOf(node) + node.Duty switch
    {
        NodeDuty.Drained => ", drained",
        NodeDuty.Maintenance => ", maintenance",
        _ => "",
    };

    private static string PresenceOf(NodeState node) => node.Presence switch
    {
        NodePresence.Online => "online",
        NodePresence.Connecting => "connecting",
        _ => "offline",
    };
}
