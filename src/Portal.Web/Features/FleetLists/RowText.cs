using System.Buffers;

namespace Portal.Web.Features.FleetLists;

/// <summary>Looks for what somebody typed in what a row says. Nothing is allocated: a letter is looked for in tens of thousands of rows.</summary>
internal static class RowText
{
    private static readonly SearchValues<char> s_hexadecimal = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Whether a text contains it, in letters of any size.</summary>
    public static bool Has(string text, string search) => text.Contains(search, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it can be the beginning of an id.</summary>
    public static bool IsHexadecimal(string search) => search.AsSpan().IndexOfAnyExcept(s_hexadecimal) < 0;

    /// <summary>Whether a label written as <c>key=value</c> contains it.</summary>
    public static bool HasLabel(IEnumerable<KeyValuePair<string, string>> labels, string search)
    {
        // Dictionaries' own enumerators are structures; through the interface each row would make one on the heap.
        if (labels is Dictionary<string, string> dictionary)
        {
            foreach (var (key, value) in dictionary)
            {
                if (HasLabel(key, value, search))
                {
                    return true;
                }
            }

            return false;
        }

        foreach (var (key, value) in labels)
        {
            if (HasLabel(key, value, search))
            {
                return true;
            }
        }

        return false;
    }

    // What reaches over the sign ends the key and begins the value; there may be more of these signs in what is looked for.
    private static bool HasLabel(string key, string value, string search)
    {
        if (Has(key, search) || Has(value, search))
        {
            return true;
        }

        for (var at = search.IndexOf('=', StringComparison.Ordinal); at >= 0; at = search.IndexOf('=', at + 1))
        {
            if (key.AsSpan().EndsWith(search.AsSpan(0, at), StringComparison.OrdinalIgnoreCase)
                && value.AsSpan().StartsWith(search.AsSpan(at + 1), StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
