using Portal.Compose.Nodes;

namespace Portal.Compose.Shapes;

/// <summary>Names with values of text: a mapping, or a list of <c>NAME=value</c>. What is the same name twice in a list is the last of them.</summary>
/// <param name="nothing">What a name without a value becomes: nothing, or empty text.</param>
internal sealed class PairsShape(ScalarKind nothing = ScalarKind.Text, char separator = '=', bool isMapAlone = false) : Shape
{
    public override ShapeForm Form => ShapeForm.Mapping;

    protected override ComposeNode? Normal(ComposeNode node, At at) => node switch
    {
        ComposeMap map => FromMap(map, at),
        ComposeList list when !isMapAlone => FromList(list, at),
        _ => at.Error(node, $"This must be a mapping{(isMapAlone ? "" : " or a list")}, not {WordFor(node)}."),
    };

    private ComposeMap FromMap(ComposeMap map, At at)
    {
        var entries = new List<ComposeEntry>();
        foreach (var entry in map.Entries)
        {
            if (entry.Value.Tag == NodeTag.Reset)
            {
                entries.Add(entry);
            }
            else if (entry.Key.Length == 0)
            {
                at.Problems.Error(entry.Mark, at.Path, "A name is empty here.");
            }
            else if (entry.Value is not ComposeScalar scalar)
            {
                at.Key(entry.Key).Error(entry.Value, $"This must be one value, not {WordFor(entry.Value)}.");
            }
            else
            {
                var kind = scalar.IsNull ? nothing : ScalarKind.Text;
                entries.Add(entry with { Value = new ComposeScalar(scalar.Text, kind, scalar.Mark, scalar.Tag) });
            }
        }

        return new ComposeMap(entries, map.Mark);
    }

    private ComposeMap FromList(ComposeList list, At at)
    {
        var entries = new OrderedDictionary<string, ComposeEntry>(StringComparer.Ordinal);
        for (var index = 0; index < list.Items.Count; index++)
        {
            var item = list.Items[index];
            if (item.Tag == NodeTag.Reset)
            {
                continue;
            }

            if (item is not ComposeScalar { IsNull: false } scalar || scalar.Text.StartsWith(separator) || scalar.Text.Length == 0)
            {
                at.Index(index).Error(item, $"This must be NAME{separator}value.");
                continue;
            }

            var cut = scalar.Text.IndexOf(separator, StringComparison.Ordinal);
            var name = cut < 0 ? scalar.Text : scalar.Text[..cut];
            var value = cut < 0 ? new ComposeScalar("", nothing, item.Mark)
                : new ComposeScalar(scalar.Text[(cut + 1)..], ScalarKind.Text, item.Mark);
            entries[name] = new ComposeEntry(name, item.Mark, value);
        }

        return new ComposeMap([.. entries.Values], list.Mark);
    }
}
