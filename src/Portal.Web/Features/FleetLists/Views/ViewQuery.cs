using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.WebUtilities;

namespace Portal.Web.Features.FleetLists.Views;

/// <summary>The part of an address that a view keeps. Others follow it, so that it can be nothing but the choices of a list.</summary>
internal static class ViewQuery
{
    /// <summary>How many characters at most.</summary>
    public const int Longest = 2048;

    private const int LongestName = 16;
    private const int LongestValue = 256;

    /// <summary>Said by the address of a page that shall not begin with a person's default.</summary>
    public const string NoDefault = "all";

    /// <summary>As it is kept: names of lower-case letters, each once, in their order.</summary>
    public static string Clean(string query)
    {
        var kept = new QueryBuilder();
        foreach (var (name, values) in QueryHelpers.ParseQuery(query).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (name.Length is > 0 and <= LongestName && name.All(char.IsAsciiLetterLower) && name is not (NoDefault or "view")
                && values is [{ Length: > 0 and <= LongestValue } value] && !value.Any(char.IsControl))
            {
                kept.Add(name, value);
            }
        }

        return kept.ToString().TrimStart('?');
    }
}
