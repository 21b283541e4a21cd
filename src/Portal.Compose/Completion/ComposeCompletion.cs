using Portal.Compose.Schema;
using Portal.Compose.Shapes;

namespace Portal.Compose.Completion;

/// <summary>What may be written at a place of a Compose file: the same shapes that judge the file say it.</summary>
public static class ComposeCompletion
{
    /// <summary>Of an item in a list, among the names of a path.</summary>
    public const string Item = "-";

    /// <summary>Deeper than any key of the specification.</summary>
    public const int Deepest = 24;

    /// <summary>What may stand at a place.</summary>
    /// <param name="path">The keys that lead there from the top of the file, <see cref="Item"/> for an item of a list. Longer than <see cref="Deepest"/>: nothing.</param>
    public static ComposeSuggestions Suggest(IReadOnlyList<string> path)
    {
        IReadOnlyList<Shape> shapes = path.Count > Deepest ? [] : [ProjectShapes.File];
        foreach (var name in path)
        {
            shapes = [.. shapes.SelectMany(shape => shape.Inside(name))];
        }

        return new ComposeSuggestions(
            [.. shapes.SelectMany(shape => shape.Keys.Select(key => new ComposeKey(key, LeadOf(shape.Inside(key)))))
                .DistinctBy(key => key.Name).OrderBy(key => key.Name, StringComparer.Ordinal)],
            [.. shapes.SelectMany(shape => shape.Words).Distinct(StringComparer.Ordinal)]);
    }

    private static string LeadOf(IEnumerable<Shape> shapes) => shapes.First().Form switch
    {
        ShapeForm.Mapping => ":\n  ",
        ShapeForm.List => ":\n  - ",
        _ => ": ",
    };
}
