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

    public static string TextOf(NodeState node) => node.Duty switch
    {
        NodeDuty.Drained => T("{0}, drained", PresenceOf(node)),
        NodeDuty.Maintenance => T("{0}, maintenance", PresenceOf(node)),
        _ => PresenceOf(node),
    };

    public static string PresenceOf(NodeState node) => node.Presence switch
    {
        NodePresence.Online => T("online"),
        NodePresence.Connecting => T("connecting"),
        _ => T("offline"),
    };
}
