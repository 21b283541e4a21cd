using Portal.Web.Components.Shared;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Events;

/// <summary>Events in words and colours.</summary>
internal static class EventText
{
    private static readonly HashSet<string> s_good = ["start", "create", "unpause", "health_status: healthy", "pull", "load", "import"];
    private static readonly HashSet<string> s_bad = ["oom", "health_status: unhealthy"];
    private static readonly HashSet<string> s_warning = ["kill", "stop", "destroy", "delete", "remove", "pause", "prune", "untag"];

    /// <summary>Without the program of <c>exec_create</c>, which stands in the details.</summary>
    public static string ActionOf(FleetEvent item) => IsOfExec(item) ? item.Action.Split(':')[0] : item.Action;

    /// <summary>A kind of object, as there are several of it.</summary>
    public static string KindsOf(string type) => type switch
    {
        "container" => T("containers"),
        "image" => T("images"),
        "network" => T("networks"),
        "volume" => T("volumes"),
        "daemon" => T("engines"),
        _ => type,
    };

    public static StatusTone ToneOf(FleetEvent item) => item switch
    {
        { Action: "die" } => item.Attributes.GetValueOrDefault("exitCode", "0") == "0" ? StatusTone.Neutral : StatusTone.Bad,
        _ when s_bad.Contains(item.Action) => StatusTone.Bad,
        _ when s_good.Contains(item.Action) => StatusTone.Good,
        _ when s_warning.Contains(item.Action) => StatusTone.Warning,
        _ => StatusTone.Neutral,
    };

    /// <summary>What Docker tells beside the name; labels, whose names have dots, only make it long.</summary>
    public static string DetailsOf(FleetEvent item)
    {
        var at = item.Action.IndexOf(": ", StringComparison.Ordinal);
        var program = IsOfExec(item) && at > 0 ? item.Action[(at + 2)..] : "";
        var attributes = item.Attributes
            .Where(attribute => attribute.Key != "name" && attribute.Value.Length > 0)
            .Where(attribute => !attribute.Key.Contains('.', StringComparison.Ordinal))
            .OrderBy(attribute => attribute.Key, StringComparer.Ordinal)
            .Select(attribute => $"{attribute.Key}={Short(attribute.Value)}");
        var text = string.Join(' ', attributes.Prepend(program).Where(part => part.Length > 0));
        return text.Length <= 300 ? text : text[..300] + "…";
    }

    /// <summary>Where the object has a page now; null when it has none.</summary>
    public static string? LinkOf(FleetState fleet, FleetEvent item) => item.Type switch
    {
        "container" => fleet.Nodes.GetValueOrDefault(item.NodeId)?.Containers.ContainsKey(item.ActorId) == true
            ? $"nodes/{item.NodeId}/containers/{item.ActorId}/logs" : null,
        "image" when item.ActorId.StartsWith("sha256:", StringComparison.Ordinal) => $"nodes/{item.NodeId}/images/{item.ActorId}",
        "volume" when item.Action != "destroy" => $"nodes/{item.NodeId}/volumes/{Uri.EscapeDataString(item.Name)}",
        "network" when item.Action != "destroy" => $"nodes/{item.NodeId}/networks/{Uri.EscapeDataString(item.Name)}",
        "daemon" => $"nodes/{item.NodeId}",
        _ => null,
    };

    private static bool IsOfExec(FleetEvent item) => item.Action.StartsWith("exec_", StringComparison.Ordinal);

    private static string Short(string value) => value.Length == 64 ? value[..12]
        : value.StartsWith("sha256:", StringComparison.Ordinal) && value.Length == 71 ? value[7..19]
        : value;
}
