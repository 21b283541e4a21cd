namespace Portal.Web.Features.Volumes.Listing;

/// <summary>What the list shows and how: the part of the page's address after the question mark.</summary>
public sealed record VolumeQuery(string Search, string Node, VolumeUse Use, VolumeSort Sort, bool Descending)
{
    /// <summary>From an address; what makes no sense is left out.</summary>
    public static VolumeQuery Read(string? search, string? node, string? use, string? sort)
    {
        var descending = sort?.StartsWith('-') == true;
        return new VolumeQuery(
            search?.Trim() ?? "", node ?? "", Parse<VolumeUse>(use), Parse<VolumeSort>(descending ? sort![1..] : sort), descending);
    }

    /// <summary>The parts of an address; null for those that stand for their default.</summary>
    public Dictionary<string, object?> ToAddress() => new()
    {
        ["q"] = Search.Length == 0 ? null : Search,
        ["node"] = Node.Length == 0 ? null : Node,
        ["use"] = Use == VolumeUse.All ? null : Word(Use.ToString()),
        ["sort"] = (Sort, Descending) == (VolumeSort.Name, false) ? null : (Descending ? "-" : "") + Word(Sort.ToString()),
    };

    /// <summary>Sorted by a column: the same again turns it round. Sizes and uses begin with the most, times with the newest.</summary>
    public VolumeQuery SortedBy(VolumeSort sort) => sort == Sort
        ? this with { Descending = !Descending }
        : this with { Sort = sort, Descending = sort is VolumeSort.Size or VolumeSort.Used or VolumeSort.Created };

    /// <summary>The rows that fit, in order.</summary>
    public List<VolumeRow> Apply(IEnumerable<VolumeRow> rows)
    {
        var fitting = rows
            .Where(row => Node.Length == 0 || row.NodeName == Node)
            .Where(row => Use switch
            {
                VolumeUse.Used => row.IsUsed,
                VolumeUse.Unused => !row.IsUsed,
                VolumeUse.Anonymous => row.Volume.Anonymous,
                _ => true,
            })
            .Where(row => Search.Length == 0 || row.Matches(Search));
        var sorted = Sort switch
        {
            VolumeSort.Node => Order(fitting, row => row.NodeName, StringComparer.OrdinalIgnoreCase),
            VolumeSort.Size => Order(fitting, row => row.Size ?? -1, Comparer<long>.Default),
            VolumeSort.Created => Order(fitting, row => row.Created ?? DateTimeOffset.MinValue, Comparer<DateTimeOffset>.Default),
            VolumeSort.Used => Order(fitting, row => row.Volume.Users.Count, Comparer<int>.Default),

            // Those that nobody named come last.
            _ => Order(fitting, row => (row.Volume.Anonymous ? "\uffff" : "") + row.Name, StringComparer.OrdinalIgnoreCase),
        };
        return [.. sorted
            .ThenBy(row => row.Name, StringComparer.OrdinalIgnoreCase)
            .ThenBy(row => row.NodeName, StringComparer.OrdinalIgnoreCase)];
    }

    private IOrderedEnumerable<VolumeRow> Order<T>(IEnumerable<VolumeRow> rows, Func<VolumeRow, T> by, IComparer<T> comparer) =>
        Descending ? rows.OrderByDescending(by, comparer) : rows.OrderBy(by, comparer);

    private static T Parse<T>(string? text)
        where T : struct, Enum => Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : default;

    private static string Word(string text) => text.ToLowerInvariant();
}
