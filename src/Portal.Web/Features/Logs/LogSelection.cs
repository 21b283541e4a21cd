using System.Collections.Immutable;
using Microsoft.AspNetCore.WebUtilities;
using Portal.Contracts.Hubs;
using Portal.Web.Features.Containers;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Logs;

/// <summary>Whose logs are shown, as the page's address says it. By names, so that it holds when a container is made anew.</summary>
/// <param name="Search">Part of a container's name or image; empty for all.</param>
/// <param name="Node">A <see cref="NodeSelection"/>; empty for all.</param>
/// <param name="Stack">The Compose project; empty for all.</param>
/// <param name="Label">A container's label, <c>KEY</c> or <c>KEY=VALUE</c>; empty for all.</param>
/// <param name="Chosen">Single containers, <c>NODE/NAME</c>; empty for all that fit.</param>
public sealed record LogSelection(string Search, string Node, string Stack, string Label, ImmutableArray<string> Chosen)
{
    /// <summary>So many logs can be read beside each other.</summary>
    public const int Most = 50;
    private const string ProjectLabel = "com.docker.compose.project";

    public static LogSelection Parse(string address)
    {
        var parts = QueryHelpers.ParseQuery(new Uri(address).Query);
        var chosen = parts.GetValueOrDefault("c").OfType<string>().Take(Most);
        return new LogSelection(Part("q"), Part("node"), Part("stack"), Part("label"), [.. chosen]);

        string Part(string name) => parts.GetValueOrDefault(name).FirstOrDefault() ?? "";
    }

    /// <summary>How an address names a container.</summary>
    public static string NameOf(NodeState node, ContainerView container) => $"{node.Name}/{container.Name}";

    public static string StackOf(ContainerView container) => container.Labels.GetValueOrDefault(ProjectLabel, "");

    /// <summary>The parts of an address; null for those that stand for all.</summary>
    public Dictionary<string, object?> ToAddress() => new()
    {
        ["q"] = Search.Trim() is { Length: > 0 } search ? search : null,
        ["node"] = Node.Length > 0 ? Node : null,
        ["stack"] = Stack.Length > 0 ? Stack : null,
        ["label"] = Label.Trim() is { Length: > 0 } label ? label : null,
        ["c"] = Chosen.Length > 0 ? Chosen.ToArray() : null,
    };

    /// <summary>The containers that fit, whether or not they are chosen: those that run first, then by name.</summary>
    public List<(NodeState Node, ContainerView Container)> Fitting(IEnumerable<NodeState> nodes) =>
    [
        .. nodes.Where(node => NodeSelection.Holds(Node, node))
            .SelectMany(node => node.Containers.Values.Where(Fits).Select(container => (node, container)))
            .OrderBy(item => !ContainerStatus.IsAlive(item.container))
            .ThenBy(item => item.container.Name, StringComparer.OrdinalIgnoreCase)
            .ThenBy(item => item.node.Name, StringComparer.OrdinalIgnoreCase),
    ];

    /// <summary>Those of them whose logs are shown, at most <see cref="Most"/>.</summary>
    public List<LogSource> Choose(IEnumerable<(NodeState Node, ContainerView Container)> fitting) =>
    [
        .. fitting
            .Where(item => Chosen.Length == 0 || Chosen.Contains(NameOf(item.Node, item.Container)))
            .Take(Most)
            .Select(item => new LogSource(
                new ContainerKey(item.Node.Id, item.Container.Id, item.Container.Name),
                item.Node.Name,
                ContainerStatus.IsAlive(item.Container))),
    ];

    private bool Fits(ContainerView container)
    {
        var search = Search.Trim();
        return (search.Length == 0 || Has(container.Name, search) || Has(container.Image, search))
            && (Stack.Length == 0 || StackOf(container) == Stack)
            && HasLabel(container);
    }

    private bool HasLabel(ContainerView container)
    {
        var label = Label.Trim();
        return label.Length == 0 || (label.Split('=', 2) is [var key, var value]
            ? container.Labels.GetValueOrDefault(key) == value
            : container.Labels.ContainsKey(label));
    }

    private static bool Has(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
}
