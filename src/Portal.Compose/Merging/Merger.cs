using Portal.Compose.Nodes;

namespace Portal.Compose.Merging;

/// <summary>
/// Lays one file over another, both in normal form: mappings are joined, lists appended, and what has an identity (a port, a mount, a
/// device) is replaced where it is the same. A command, an entrypoint and a test are replaced as a whole.
/// </summary>
internal static class Merger
{
    private static readonly HashSet<string> s_named =
        ["services", "networks", "volumes", "configs", "secrets", "models", "services.*.networks", "services.*.ulimits",
            "services.*.depends_on"];

    private static readonly HashSet<string> s_replaced =
        ["services.*.command", "services.*.entrypoint", "services.*.healthcheck.test", "services.*.ulimits.*", "services.*.gpus"];

    private static readonly Dictionary<string, Func<ComposeMap, string>> s_identities = new()
    {
        ["services.*.ports"] = port =>
            $"{port.Text("host_ip") ?? "0.0.0.0"}:{port.Text("published")}:{port.Text("target")}/{port.Text("protocol")}",
        ["services.*.volumes"] = mount => mount.Text("target") ?? "",
        ["services.*.devices"] = device => device.Text("target") ?? device.Text("source") ?? "",
        ["services.*.configs"] = file => file.Text("target") ?? $"/{file.Text("source")}",
        ["services.*.secrets"] = file => file.Text("target") ?? $"/run/secrets/{file.Text("source")}",
        ["services.*.env_file"] = file => file.Text("path") ?? "",
        ["networks.*.ipam.config"] = pool => pool.Text("subnet") ?? "",
    };

    public static ComposeMap Files(ComposeMap below, ComposeMap above) => Maps(below, above, "");

    public static ComposeMap Services(ComposeMap below, ComposeMap above) => Maps(below, above, "services.*");

    /// <summary>As it is when nothing is below it: what is to go is gone.</summary>
    public static ComposeMap Alone(ComposeMap map) => Maps(new ComposeMap([], map.Mark), map, "");

    private static ComposeMap Maps(ComposeMap below, ComposeMap above, string pattern)
    {
        var entries = new OrderedDictionary<string, ComposeEntry>(StringComparer.Ordinal);
        foreach (var entry in below.Entries)
        {
            entries[entry.Key] = entry;
        }

        foreach (var entry in above.Entries)
        {
            var old = entries.GetValueOrDefault(entry.Key)?.Value;
            if (Merge(old, entry.Value, Below(pattern, entry.Key)) is { } value)
            {
                entries[entry.Key] = entry with { Value = value };
            }
            else
            {
                entries.Remove(entry.Key);
            }
        }

        return new ComposeMap([.. entries.Values], above.Mark);
    }

    private static ComposeNode? Merge(ComposeNode? below, ComposeNode above, string pattern)
    {
        if (above.Tag == NodeTag.Reset)
        {
            return null;
        }

        var isReplaced = above.Tag == NodeTag.Override || below is null || s_replaced.Contains(pattern)
            || (pattern == "services.*.logging" && HasOtherDriver(below, above));
        return (below, above) switch
        {
            (ComposeMap, ComposeScalar { IsNull: true }) when !isReplaced => below,
            (ComposeMap old, ComposeMap map) when !isReplaced => Maps(old, map, pattern),
            (ComposeList old, ComposeList list) when !isReplaced => Lists(old, list, pattern),
            (_, ComposeMap map) => Maps(new ComposeMap([], map.Mark), map, pattern),
            (_, ComposeList list) => Lists(new ComposeList([], list.Mark), list, pattern),
            _ => above.WithTag(NodeTag.None),
        };
    }

    private static bool HasOtherDriver(ComposeNode? below, ComposeNode above) =>
        (below as ComposeMap)?.Text("driver") is { } old && (above as ComposeMap)?.Text("driver") is { } driver && old != driver;

    private static ComposeList Lists(ComposeList below, ComposeList above, string pattern)
    {
        if (s_replaced.Contains(pattern))
        {
            return above.WithTag(NodeTag.None);
        }

        var items = new OrderedDictionary<string, ComposeNode>(StringComparer.Ordinal);
        foreach (var item in below.Items.Concat(above.Items))
        {
            items[Identity(item, pattern, items.Count)] = item.WithTag(NodeTag.None);
        }

        return new ComposeList([.. items.Values], above.Mark);
    }

    private static string Identity(ComposeNode item, string pattern, int index) => item switch
    {
        ComposeScalar scalar => "=" + scalar.Text,
        ComposeMap map when s_identities.TryGetValue(pattern, out var identity) => identity(map),
        _ => $"#{index}",
    };

    private static string Below(string pattern, string key) =>
        s_named.Contains(pattern) ? pattern + ".*" : pattern.Length == 0 ? key : $"{pattern}.{key}";
}
