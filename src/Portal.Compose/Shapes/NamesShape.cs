using System.Text.RegularExpressions;
using Portal.Compose.Completion;
using Portal.Compose.Nodes;

namespace Portal.Compose.Shapes;

/// <summary>Values of one shape under names that the file makes up, or a plain list of such names.</summary>
/// <param name="what">Of the names, to be told.</param>
/// <param name="fromList">What a name in a list stands for; null when there may be no list.</param>
internal sealed partial class NamesShape(Shape value, string what, Func<Mark, ComposeNode>? fromList = null) : Shape
{
    public override ShapeForm Form => fromList is null ? ShapeForm.Mapping : ShapeForm.List;

    public override IEnumerable<Shape> Inside(string name) => name == ComposeCompletion.Item ? [] : [value];

    protected override ComposeNode? Normal(ComposeNode node, At at) => node switch
    {
        ComposeMap map => FromMap(map, at),
        ComposeList list when fromList is not null => FromList(list, at),
        _ => at.Error(node, $"This must be a mapping{(fromList is null ? "" : " or a list")}, not {WordFor(node)}."),
    };

    private ComposeMap FromMap(ComposeMap map, At at)
    {
        var entries = new List<ComposeEntry>();
        foreach (var entry in map.Entries)
        {
            if (!Name().IsMatch(entry.Key))
            {
                at.Problems.Error(entry.Mark, at.Key(entry.Key).Path, $"{what} has letters, digits, '.', '_' and '-' alone.");
            }
            else if (value.Apply(entry.Value, at.Key(entry.Key)) is { } shaped)
            {
                entries.Add(entry with { Value = shaped });
            }
        }

        return new ComposeMap(entries, map.Mark);
    }

    private ComposeMap FromList(ComposeList list, At at)
    {
        var entries = new List<ComposeEntry>();
        for (var index = 0; index < list.Items.Count; index++)
        {
            var item = list.Items[index];
            if (item.Tag == NodeTag.Reset)
            {
                continue;
            }

            if (item is not ComposeScalar { IsNull: false } scalar || !Name().IsMatch(scalar.Text))
            {
                at.Index(index).Error(item, $"{what} has letters, digits, '.', '_' and '-' alone.");
            }
            else if (entries.Exists(entry => entry.Key == scalar.Text))
            {
                at.Index(index).Error(item, $"'{scalar.Text}' is there twice.");
            }
            else
            {
                entries.Add(new ComposeEntry(scalar.Text, item.Mark, fromList!(item.Mark)));
            }
        }

        return new ComposeMap(entries, list.Mark);
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9._-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
