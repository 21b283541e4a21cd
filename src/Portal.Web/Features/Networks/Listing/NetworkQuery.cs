namespace Portal.Web.Features.Networks.Listing;

/// <summary>What the list shows and how: the part of the page's address after the question mark.</summary>
public sealed record NetworkQuery(string Search, string Node, string Driver, NetworkUse Use, NetworkSort Sort, bool Descending)
{
    /// <summary>From an address; what makes no sense is left out.</summary>
    public static NetworkQuery Read(string? search, string? node, string? driver, string? use, string? sort)
    {
        var descending = sort?.StartsWith('-') == true;
        return new NetworkQuery(
            search?.Trim() ?? "",
            node ?? "",
            driver ?? "",
            Parse<NetworkUse>(use),
            Parse<NetworkSort>(descending ? sort![1..] : sort),
            descending);
    }

    /// <summary>The parts of an address; null for those that stand for their default.</summary>
    public Dictionary<string, object?> ToAddress() => new()
    {
        ["q"] = Search.Length == 0 ? null : Search,
        ["node"] = Node.Length == 0 ? null : Node,
        ["driver"] = Driver.Length == 0 ? null : Driver,
        ["use"] = Use == NetworkUse.All ? null : Word(Use.ToString()),
        ["sort"] = (Sort, Descending) == (NetworkSort.Name, false) ? null : (Descending ? "-" : "") + Word(Sort.ToString()),
    };

    /// <summary>Sorted by a column: the same again turns it round. Containers begin with the most, times with the newest.</summary>
    public NetworkQuery SortedBy(NetworkSort sort) => sort == Sort
        ? this with { Descending = !Descending }
        : this with { Sort = sort, Descending = sort is NetworkSort.Containers or NetworkSort.Created };

    /// <summary>The rows that fit, in order.</summary>
    public List<NetworkRow> Apply(IEnumerable<NetworkRow> rows)
    {
        var fitting = rows
            .Where(row => Node.Length == 0 || row.NodeName == Node)
            .Where(row => Driver.Length == 0 || row.Network.Driver == Driver)
            .Where(row => Use switch
            {
                NetworkUse.Used => row.IsUsed,
                NetworkUse.Unused => !row.IsUsed && !row.Network.Predefined,
                NetworkUse.Custom => !row.Network.Predefined,
                NetworkUse.BuiltIn => row.Network.Predefined,
                _ => true,
            })
            .Where(row => Search.Length == 0 || row.Matches(Search));
        var sorted = Sort switch
        {
            NetworkSort.Node => Order(fitting, row => row.NodeName, StringComparer.OrdinalIgnoreCase),
            NetworkSort.Driver => Order(fitting, row => row.Network.Driver, StringComparer.Ordinal),
            NetworkSort.Created => Order(fitting, row => row.Created ?? DateTimeOffset.MinValue, Comparer<DateTimeOffset>.Default),
            NetworkSort.Containers => Order(fitting, row => row.Containers, Comparer<int>.Default),

            // Those that people made come first.
            _ => Order(fitting, row => (row.Network.Predefined ? "\uffff" : "") + row.Name, StringComparer.OrdinalIgnoreCase),
        };
        return [.. sorted
            .ThenBy(row => row.Name, StringComparer.OrdinalIgnoreCase)
            .ThenBy(row => row.NodeName, StringComparer.OrdinalIgnoreCase)];
    }

    private IOrderedEnumerable<NetworkRow> Order<T>(IEnumerable<NetworkRow> rows, Func<NetworkRow, T> by, IComparer<T> comparer) =>
        Descending ? rows.OrderByDescending(by, comparer) : rows.OrderBy(by, comparer);

    private static T Parse<T>(string? text)
        where T : struct, Enum => Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : default;

    private static string Word(string text) => text.ToLowerInvariant();
}
