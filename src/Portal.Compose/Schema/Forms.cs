using Portal.Compose.Nodes;
using Portal.Compose.Shapes;
using Portal.Compose.Sources;

namespace Portal.Compose.Schema;

/// <summary>Short forms that take a line or two.</summary>
internal static class Forms
{
    /// <summary>A mapping in place of the one value that is under one of its keys.</summary>
    public static Shape Short(string key, Shape map) => new EitherShape(
        "a mapping or text", scalar: new FollowedShape(Scalars.Text, (node, at) => map.Apply(Under(key, node), at)), map: map);

    public static Func<ComposeScalar, At, IEnumerable<ComposeNode>?> Item(string key) => (scalar, _) => [Under(key, scalar)];

    /// <summary>A path in the project, of a file that something reads.</summary>
    public static Shape Path { get; } = new FollowedShape(Scalars.Text, (node, at) =>
        ProjectPaths.Resolve(at.Folder, ((ComposeScalar)node).Text) is { } path
            ? new ComposeScalar(path, ScalarKind.Text, node.Mark)
            : at.Error(node, $"'{((ComposeScalar)node).Text}' leads out of the project."));

    /// <summary>Where a build takes its files from: a folder of the project, or an address.</summary>
    public static Shape Context { get; } = new FollowedShape(Scalars.Text, (node, at) =>
    {
        var text = ((ComposeScalar)node).Text;
        var isAddress = text.Contains("://", StringComparison.Ordinal) || text.StartsWith("git@", StringComparison.Ordinal);
        return isAddress ? node
            : ProjectPaths.Resolve(at.Folder, text) is { } path ? new ComposeScalar("./" + path, ScalarKind.Text, node.Mark)
            : at.Error(node, $"'{text}' leads out of the project.");
    });

    /// <summary><c>/dev/x[:/dev/y[:rwm]]</c>, or a device of the Container Device Interface.</summary>
    public static IEnumerable<ComposeNode>? Device(ComposeScalar scalar, At at)
    {
        var make = new NodeMaker(scalar.Mark);
        var parts = scalar.Text.Split(':');
        var permissions = parts.Length switch
        {
            1 => "rwm",
            2 => parts[1].StartsWith('/') ? "rwm" : parts[1],
            _ => parts[2],
        };
        if (parts.Length > 3 || parts[0].Length == 0 || permissions.Length == 0 || permissions.Any(letter => !"rwm".Contains(letter)))
        {
            at.Error(scalar, $"'{scalar.Text}' is no device. It is SOURCE[:TARGET][:rwm].");
            return null;
        }

        var target = parts.Length > 1 && parts[1].StartsWith('/') ? parts[1] : parts[0];
        return [make.Map(("source", make.Text(parts[0])), ("target", make.Text(target)), ("permissions", make.Text(permissions)))];
    }

    /// <summary>Names with one or more addresses each: <c>name:address</c> or <c>name=address</c> in a list.</summary>
    public static Shape ExtraHosts { get; } = new EitherShape(
        "a mapping or a list",
        map: new FollowedShape(new AnyShape(), (node, at) => Hosts(((ComposeMap)node).Entries, node, at)),
        list: new FollowedShape(Scalars.TextList, (node, at) => Hosts(
            ((ComposeList)node).Items.OfType<ComposeScalar>().Select(item => HostEntry(item, at)).OfType<ComposeEntry>(), node, at)));

    public static Shape Ulimit { get; } = new EitherShape(
        "a number or a mapping",
        scalar: new FollowedShape(Scalars.Int(-1), (node, _) =>
            new NodeMaker(node.Mark).Map(("soft", node), ("hard", node))),
        map: new MapShape(new Dictionary<string, Shape> { ["soft"] = Scalars.Int(-1), ["hard"] = Scalars.Int(-1) }, "soft", "hard"));

    /// <summary>True, false, or the old mapping with a name, which is true.</summary>
    public static Shape External { get; } = new EitherShape(
        "true or false",
        scalar: Scalars.Bool,
        map: new MapShape(new Dictionary<string, Shape> { ["name"] = Scalars.Text }));

    public static Shape HealthTest { get; } = new EitherShape(
        "a list or one line",
        scalar: new FollowedShape(Scalars.Text, (node, _) =>
        {
            var make = new NodeMaker(node.Mark);
            return make.List(make.Text("CMD-SHELL"), node);
        }),
        list: new FollowedShape(Scalars.TextList, (node, at) =>
            ((ComposeList)node).Items is [] or [ComposeScalar { Text: "NONE" or "CMD" or "CMD-SHELL" }, ..]
                ? node
                : at.Error(node, "The list of a test begins with CMD, CMD-SHELL or NONE.")));

    private static ComposeMap Under(string key, ComposeNode node) => new NodeMaker(node.Mark).Map((key, node));

    private static ComposeEntry? HostEntry(ComposeScalar item, At at)
    {
        var cut = item.Text.IndexOf('=', StringComparison.Ordinal) is var equals and > 0
            ? equals
            : item.Text.IndexOf(':', StringComparison.Ordinal);
        if (cut <= 0 || cut == item.Text.Length - 1)
        {
            at.Error(item, $"'{item.Text}' is not NAME:ADDRESS.");
            return null;
        }

        return new ComposeEntry(item.Text[..cut], item.Mark, new ComposeScalar(item.Text[(cut + 1)..], ScalarKind.Text, item.Mark));
    }

    private static ComposeMap Hosts(IEnumerable<ComposeEntry> entries, ComposeNode node, At at)
    {
        var hosts = new OrderedDictionary<string, ComposeEntry>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (entry.Value.Tag == NodeTag.Reset)
            {
                hosts[entry.Key] = entry;
            }
            else if (Scalars.TextOrList.Apply(entry.Value, at.Key(entry.Key)) is ComposeList addresses)
            {
                IEnumerable<ComposeNode> before = hosts.TryGetValue(entry.Key, out var known) && known.Value is ComposeList old
                    ? old.Items : [];
                hosts[entry.Key] = entry with { Value = new ComposeList([.. before, .. addresses.Items], entry.Value.Mark) };
            }
        }

        return new ComposeMap([.. hosts.Values], node.Mark);
    }
}
