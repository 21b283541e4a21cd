namespace Portal.Compose.Nodes;

/// <summary>Values under names, in the order of the file.</summary>
public sealed class ComposeMap : ComposeNode
{
    private readonly Dictionary<string, ComposeEntry> _byKey;

    /// <remarks>Keys are there once: the reader refuses others.</remarks>
    public ComposeMap(IReadOnlyList<ComposeEntry> entries, Mark mark, NodeTag tag = NodeTag.None)
        : base(mark, tag, NodeSizes.Of(entries.Select(entry => entry.Value)))
    {
        Entries = entries;
        _byKey = entries.ToDictionary(entry => entry.Key, StringComparer.Ordinal);
    }

    public IReadOnlyList<ComposeEntry> Entries { get; }

    public ComposeNode? this[string key] => _byKey.TryGetValue(key, out var entry) ? entry.Value : null;

    public ComposeMap? Map(string key) => this[key] as ComposeMap;

    public IReadOnlyList<ComposeNode> Items(string key) => this[key] is ComposeList list ? list.Items : [];

    /// <summary>The scalars of a list, as text.</summary>
    public IReadOnlyList<string> Texts(string key) => [.. Items(key).OfType<ComposeScalar>().Select(item => item.Text)];

    /// <summary>Of a scalar that is there and not nothing.</summary>
    public string? Text(string key) => this[key] is ComposeScalar { IsNull: false } scalar ? scalar.Text : null;

    /// <summary>The scalars below a key, by name; nothing is null.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Pairs(string key) => Map(key) is { } map
        ? map.Entries.Select(entry =>
            KeyValuePair.Create(entry.Key, (entry.Value as ComposeScalar)?.IsNull == false ? map.Text(entry.Key) : null))
        : [];

    public bool Flag(string key) => Text(key) == "true";

    internal ComposeEntry? Find(string key) => _byKey.GetValueOrDefault(key);

    internal ComposeMap With(string key, ComposeNode value)
    {
        var entry = new ComposeEntry(key, Find(key)?.Mark ?? value.Mark, value);
        return _byKey.ContainsKey(key)
            ? new ComposeMap([.. Entries.Select(old => old.Key == key ? entry : old)], Mark, Tag)
            : new ComposeMap([.. Entries, entry], Mark, Tag);
    }

    internal ComposeMap Without(string key) =>
        _byKey.ContainsKey(key) ? new ComposeMap([.. Entries.Where(entry => entry.Key != key)], Mark, Tag) : this;

    internal override ComposeMap WithTag(NodeTag tag) => new(Entries, Mark, tag);
}
