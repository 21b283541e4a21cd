namespace Portal.Web.Features.Images.Listing;

/// <summary>What to show of all images, and in which order. Stands in the page's address.</summary>
/// <param name="Search">Part of a name, id, label or container's name; empty for all.</param>
/// <param name="Node">A node's name; empty for all.</param>
/// <param name="Use">Which of them.</param>
/// <param name="Sort">By what.</param>
/// <param name="Descending">The other way round.</param>
public sealed record ImageQuery(string Search, string Node, ImageUse Use, ImageSort Sort, bool Descending)
{
    /// <summary>Reads the parts of an address; what can't be read stands for its default.</summary>
    public static ImageQuery Read(string? search, string? node, string? use, string? sort)
    {
        return new ImageQuery(
            search?.Trim() ?? "",
            node ?? "",
            Parse<ImageUse>(use),
            Parse<ImageSort>(sort?.TrimStart('-')),
            sort?.StartsWith('-') == true);
    }

    /// <summary>The parts of an address; null for those that stand for their default.</summary>
    public Dictionary<string, object?> ToAddress() => new()
    {
        ["q"] = Search.Length == 0 ? null : Search,
        ["node"] = Node.Length == 0 ? null : Node,
        ["use"] = Use == ImageUse.All ? null : Word(Use.ToString()),
        ["sort"] = (Sort, Descending) == (ImageSort.Name, false) ? null : (Descending ? "-" : "") + Word(Sort.ToString()),
    };

    /// <summary>Sorted by a column: the same again turns it round. Sizes and uses begin with the most, times with the newest.</summary>
    public ImageQuery SortedBy(ImageSort sort) => sort == Sort
        ? this with { Descending = !Descending }
        : this with { Sort = sort, Descending = sort is ImageSort.Size or ImageSort.Used or ImageSort.Built };

    /// <summary>The rows that fit, in order.</summary>
    public List<ImageRow> Apply(IEnumerable<ImageRow> rows)
    {
        var fitting = rows
            .Where(row => Node.Length == 0 || row.NodeName == Node)
            .Where(row => Use switch
            {
                ImageUse.Used => row.IsUsed,
                ImageUse.Unused => !row.IsUsed,
                ImageUse.Dangling => row.IsDangling,
                ImageUse.Damaged => row.Image.Problem.Length > 0,
                _ => true,
            })
            .Where(row => Search.Length == 0 || row.Matches(Search));
        var sorted = Sort switch
        {
            ImageSort.Node => Order(fitting, row => row.NodeName, StringComparer.OrdinalIgnoreCase),
            ImageSort.Size => Order(fitting, row => row.Image.SizeBytes, Comparer<long>.Default),
            ImageSort.Built => Order(fitting, row => row.Built ?? DateTimeOffset.MinValue, Comparer<DateTimeOffset>.Default),
            ImageSort.Used => Order(fitting, row => row.UserCount, Comparer<int>.Default),

            // Those without a name come last.
            _ => Order(fitting, row => row.IsDangling ? "\uffff" : row.Name, StringComparer.OrdinalIgnoreCase),
        };
        return [.. sorted
            .ThenBy(row => row.IsDangling ? "\uffff" : row.Name, StringComparer.OrdinalIgnoreCase)
            .ThenBy(row => row.NodeName, StringComparer.OrdinalIgnoreCase)
            .ThenBy(row => row.Image.Id, StringComparer.Ordinal)];
    }

    private IOrderedEnumerable<ImageRow> Order<T>(IEnumerable<ImageRow> rows, Func<ImageRow, T> by, IComparer<T> comparer) =>
        Descending ? rows.OrderByDescending(by, comparer) : rows.OrderBy(by, comparer);

    private static T Parse<T>(string? text)
        where T : struct, Enum => Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : default;

    private static string Word(string text) => text.ToLowerInvariant();
}
