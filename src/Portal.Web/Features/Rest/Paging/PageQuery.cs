using System.Buffers.Text;
using System.ComponentModel;
using System.Text;
using Portal.Web.Features.Rest.Problems;

namespace Portal.Web.Features.Rest.Paging;

/// <summary>Which part of a list is asked for: a parameter of handlers, with <c>[AsParameters]</c>.</summary>
internal sealed record PageQuery(
    [property: Description("How many at most: 1 to 500; 100 when it is left out.")] int? Limit,
    [property: Description("From `next` of the page before; left out for the first.")] string? Cursor)
{
    public const int Most = 500;
    private const int Usual = 100;
    private const int LongestCursor = 2048;
    private const char Mark = '1';

    public int Size => Limit is null ? Usual
        : Limit is >= 1 and <= Most ? Limit.Value
        : throw new RestProblemException(ProblemKind.InvalidRequest, $"'limit' must be 1 to {Most}.");

    /// <summary>
    /// Of a list that is at hand: in the order of the keys, behind the cursor's. What comes or goes between two pages is seen or not, but
    /// nothing else is left out or doubled.
    /// </summary>
    /// <param name="all">The list, in any order.</param>
    /// <param name="keyOf">What tells an item from all others and orders them.</param>
    /// <param name="show">As it is answered.</param>
    public Page<TShown> Cut<T, TShown>(IEnumerable<T> all, Func<T, string> keyOf, Func<T, TShown> show)
    {
        var after = After();
        var size = Size;
        var found = all.Select(item => (Key: keyOf(item), Item: item))
            .Where(pair => after is null || string.CompareOrdinal(pair.Key, after) > 0)
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Take(size + 1)
            .ToList();
        var items = found.Take(size).Select(pair => show(pair.Item)).ToList();
        return new Page<TShown>(items, found.Count > size ? CursorOf(found[size - 1].Key) : null);
    }

    /// <summary>The key of the last item before the page; null for the first page.</summary>
    public string? After()
    {
        if (Cursor is null)
        {
            return null;
        }

        try
        {
            var text = Cursor.Length is > 1 and <= LongestCursor ? s_strict.GetString(Base64Url.DecodeFromChars(Cursor)) : "";
            return text.StartsWith(Mark) ? text[1..] : throw Wrong();
        }
        catch (Exception failure) when (failure is FormatException or DecoderFallbackException)
        {
            throw Wrong();
        }
    }

    public static string CursorOf(string key) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Mark + key));

    internal static RestProblemException Wrong() =>
        new(ProblemKind.InvalidCursor, "Send 'next' of the page before as it is, or no cursor.");

    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);
}
