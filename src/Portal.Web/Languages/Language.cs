using System.Globalization;

namespace Portal.Web.Languages;

/// <summary>A language that the pages are written in.</summary>
/// <param name="Code">As in BCP 47: <c>de</c>, <c>zh-Hans</c>; also the name of its folder in <c>Languages/Texts</c>.</param>
/// <param name="OwnName">As its speakers call it.</param>
/// <param name="Forms">How many forms a text with a count has.</param>
/// <param name="FormOf">Which of the forms goes with a count, from 0.</param>
public sealed record Language(string Code, string OwnName, int Forms, Func<long, int> FormOf)
{
    /// <summary>What the texts in the source are written in.</summary>
    public static Language English { get; } = new("en", "English", 2, count => count == 1 ? 0 : 1);

    /// <summary>All of them, in the order in which they are offered.</summary>
    public static IReadOnlyList<Language> All { get; } =
    [
        English,
        new("de", "Deutsch", 2, count => count == 1 ? 0 : 1),
        new("zh-Hans", "简体中文", 1, _ => 0),
    ];

    /// <summary>How it writes numbers and dates, for people. English keeps the plain form that the pages always had.</summary>
    public CultureInfo Format { get; } = Code == "en" ? CultureInfo.InvariantCulture : CultureInfo.GetCultureInfo(Code);

    /// <summary>What <see cref="CultureInfo.CurrentUICulture"/> is while somebody is answered in it.</summary>
    public CultureInfo Culture { get; } = CultureInfo.GetCultureInfo(Code);

    /// <summary>The language of whoever is answered now. English where nobody chose, and for programs.</summary>
    public static Language Current => Find(CultureInfo.CurrentUICulture) ?? English;

    /// <summary>The one with exactly this code; null when there is none.</summary>
    public static Language? Find(string? code) =>
        All.FirstOrDefault(language => string.Equals(language.Code, code, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// The one that serves a reader of this tag (RFC 4647, lookup): <c>de-AT</c> is served by <c>de</c>, <c>zh-CN</c> and <c>zh</c> by
    /// <c>zh-Hans</c>. Traditional characters are not simplified ones: <c>zh-TW</c> has none.
    /// </summary>
    public static Language? Match(string tag)
    {
        var parts = tag.Split('-');
        if (parts[0].Equals("zh", StringComparison.OrdinalIgnoreCase))
        {
            return parts.Skip(1).Any(part => part.ToUpperInvariant() is "HANT" or "TW" or "HK" or "MO") ? null : Find("zh-Hans");
        }

        return Find(parts[0]);
    }

    private static Language? Find(CultureInfo culture)
    {
        for (; culture.Name.Length > 0; culture = culture.Parent)
        {
            if (Find(culture.Name) is { } language)
            {
                return language;
            }
        }

        return null;
    }
}
