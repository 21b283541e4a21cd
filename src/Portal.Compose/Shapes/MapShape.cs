using Portal.Compose.Nodes;

namespace Portal.Compose.Shapes;

/// <summary>Values under names that are all known. Those with <c>x-</c> before them are for others, and stay as they are.</summary>
internal sealed class MapShape(IReadOnlyDictionary<string, Shape> keys, params string[] required) : Shape
{
    private static readonly AnyShape s_extension = new();

    public override ShapeForm Form => ShapeForm.Mapping;

    public override IEnumerable<string> Keys => keys.Keys;

    public override IEnumerable<Shape> Inside(string name) => keys.TryGetValue(name, out var shape) ? [shape] : [];

    protected override ComposeNode? Normal(ComposeNode node, At at)
    {
        if (node is not ComposeMap map)
        {
            return at.Error(node, $"This must be a mapping, not {WordFor(node)}.");
        }

        var entries = new List<ComposeEntry>();
        foreach (var entry in map.Entries)
        {
            if (ShapeOf(entry.Key) is not { } shape)
            {
                at.Problems.Error(entry.Mark, at.Key(entry.Key).Path, Unknown(entry.Key));
            }
            else if (shape.Apply(entry.Value, at.Key(entry.Key)) is { } value)
            {
                entries.Add(entry with { Value = value });
            }
        }

        foreach (var name in required.Where(name => map.Find(name) is null))
        {
            at.Problems.Error(map.Mark, at.Path, $"The key '{name}' is missing here.");
        }

        return new ComposeMap(entries, map.Mark);
    }

    private Shape? ShapeOf(string key) =>
        keys.TryGetValue(key, out var shape) ? shape : key.StartsWith("x-", StringComparison.Ordinal) ? s_extension : null;

    private string Unknown(string key)
    {
        var near = keys.Keys.Select(name => (name, Distance: Spelling.Distance(name, key))).MinBy(found => found.Distance);
        return near.Distance <= 1 + (key.Length / 4)
            ? $"This key is unknown. Is it meant to be '{near.name}'? A key of your own starts with 'x-'."
            : "This key is unknown. A key of your own starts with 'x-'.";
    }
}
