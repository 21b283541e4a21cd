using Microsoft.AspNetCore.WebUtilities;

namespace Portal.Web.Features.Events;

/// <summary>Which events are shown, as the page's address says it.</summary>
/// <param name="Text">Part of an action, or of the object's name or id; empty for all.</param>
/// <param name="Type"><c>container</c>, <c>image</c>, <c>network</c>, <c>volume</c>, <c>daemon</c>; empty for all.</param>
/// <param name="Node">A <see cref="Portal.Web.Nodes.NodeSelection"/>; empty for all.</param>
public sealed record EventFilter(string Text, string Type, string Node)
{
    public static IReadOnlyList<string> Types { get; } = ["container", "image", "network", "volume", "daemon"];

    public static EventFilter Parse(string address)
    {
        var parts = QueryHelpers.ParseQuery(new Uri(address).Query);
        return new EventFilter(Part("q"), Types.Contains(Part("type")) ? Part("type") : "", Part("node"));

        string Part(string name) => parts.GetValueOrDefault(name).FirstOrDefault() ?? "";
    }

    /// <summary>The parts of an address; null for those that stand for all.</summary>
    public Dictionary<string, object?> ToAddress() => new()
    {
        ["q"] = Text.Trim() is { Length: > 0 } text ? text : null,
        ["type"] = Type.Length > 0 ? Type : null,
        ["node"] = Node.Length > 0 ? Node : null,
    };
}
