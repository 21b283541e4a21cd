using Portal.Compose.Nodes;
using Portal.Compose.Shapes;
using Portal.Compose.Sources;

namespace Portal.Compose.Schema;

/// <summary><c>[SOURCE:]TARGET[:OPTIONS]</c>; a source with a slash or a dot at its beginning is a path.</summary>
internal static class MountForm
{
    private static readonly string[] s_propagations = ["rprivate", "private", "rshared", "shared", "rslave", "slave"];

    public static IEnumerable<ComposeNode>? Expand(ComposeScalar scalar, At at)
    {
        var parts = scalar.Text.Split(':');
        if (parts.Length is 0 or > 3 || parts.Any(part => part.Length == 0))
        {
            at.Error(scalar, $"'{scalar.Text}' is no volume. It is [SOURCE:]TARGET[:OPTIONS].");
            return null;
        }

        var target = parts.Length == 1 ? parts[0] : parts[1];
        var source = parts.Length == 1 ? null : parts[0];
        var options = parts.Length == 3 ? parts[2].Split(',') : [];
        return Options(scalar, at, options) ? [Long(scalar, source, target, options)] : null;
    }

    public static bool IsPath(string source) => source.StartsWith('/') || source.StartsWith('.') || source.StartsWith('~');

    /// <summary>
    /// Relative sources become relative to the project's folder, and must stay in it; what is absolute is the node's, and is for the
    /// permissions to allow.
    /// </summary>
    public static Shape Resolved(Shape mount) => new FollowedShape(mount, Resolve);

    private static ComposeNode? Resolve(ComposeNode node, At at)
    {
        var map = (ComposeMap)node;
        var make = new NodeMaker(map.Mark);
        if (map.Text("target") is not { } target || !target.StartsWith('/'))
        {
            return map["target"] is { } wrong ? at.Key("target").Error(wrong, "A target is an absolute path in the container.") : null;
        }

        if (map.Text("type") is not "bind" || map.Text("source") is not { } source || source.StartsWith('/'))
        {
            return map.Text("type") is "bind" && map.Text("source") is null
                ? at.Error(map, "The key 'source' is missing here: a bind has a path.")
                : map;
        }

        return ProjectPaths.Resolve(at.Folder, source) is { } path
            ? map.With("source", new ComposeScalar("./" + path, ScalarKind.Text, map["source"]!.Mark))
            : at.Error(map["source"] ?? make.Nothing(), $"'{source}' leads out of the project.");
    }

    private static bool Options(ComposeScalar scalar, At at, string[] options)
    {
        foreach (var option in options)
        {
            if (option is not ("ro" or "rw" or "z" or "Z" or "nocopy" or "cached" or "delegated" or "consistent")
                && !s_propagations.Contains(option))
            {
                at.Error(scalar, $"The option '{option}' of a volume is unknown.");
                return false;
            }
        }

        return true;
    }

    private static ComposeMap Long(ComposeScalar scalar, string? source, string target, string[] options)
    {
        var make = new NodeMaker(scalar.Mark);
        var isBind = source is not null && IsPath(source);
        var propagation = options.FirstOrDefault(option => s_propagations.Contains(option));
        var selinux = options.FirstOrDefault(option => option is "z" or "Z");
        var bind = make.Map(
            ("create_host_path", make.Bool(true)),
            ("propagation", propagation is null ? null : make.Text(propagation)),
            ("selinux", selinux is null ? null : make.Text(selinux)));
        var volume = options.Contains("nocopy") ? make.Map(("nocopy", make.Bool(true))) : null;
        return make.Map(
            ("type", make.Text(isBind ? "bind" : "volume")),
            ("source", source is null ? null : make.Text(source)),
            ("target", make.Text(target.Length > 1 ? target.TrimEnd('/') : target)),
            ("read_only", options.Contains("ro") ? make.Bool(true) : null),
            ("bind", isBind ? bind : null),
            ("volume", isBind ? null : volume));
    }
}
