using System.Globalization;
using Portal.Compose.Nodes;

namespace Portal.Compose.Shapes;

/// <summary>Makes nodes for what a short form stands for: all of them stand where it does.</summary>
internal readonly struct NodeMaker(Mark mark)
{
    public ComposeScalar Text(string text) => new(text, ScalarKind.Text, mark);

    public ComposeScalar Int(long number) => new(number.ToString(CultureInfo.InvariantCulture), ScalarKind.Int, mark);

    public ComposeScalar Bool(bool value) => new(value ? "true" : "false", ScalarKind.Bool, mark);

    public ComposeScalar Nothing() => new("", ScalarKind.Null, mark);

    public ComposeList List(params IEnumerable<ComposeNode> items) => new([.. items], mark);

    /// <summary>Without those that are null.</summary>
    public ComposeMap Map(params ReadOnlySpan<(string Key, ComposeNode? Value)> entries)
    {
        var kept = new List<ComposeEntry>();
        foreach (var (key, value) in entries)
        {
            if (value is not null)
            {
                kept.Add(new ComposeEntry(key, mark, value));
            }
        }

        return new ComposeMap(kept, mark);
    }
}
