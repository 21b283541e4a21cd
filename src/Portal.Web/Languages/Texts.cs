using System.Globalization;

namespace Portal.Web.Languages;

/// <summary>
/// What people read, in their language. The English text itself is the key: <c>T("Remove {0}", name)</c> reads well where it stands, and
/// what has no translation yet is shown in English. Known in every file of the project by its short names (docs/languages.md).
/// </summary>
/// <remarks>
/// The language is <see cref="CultureInfo.CurrentUICulture"/>, which requests and circuits carry along (<see cref="LanguageChoice"/>).
/// <see cref="CultureInfo.CurrentCulture"/> is never a person's: what is formatted without a thought is formatted for programs.
/// </remarks>
public static class Texts
{
    // Behind it stands a note that tells two texts apart which are the same in English.
    private const string Note = "##";

    // Whatever is longer was not said by the portal, or is no sentence.
    private const int LongestSaid = 4096;

    // A form with fewer letters of its own fits much that is none of it.
    private const int WeakForm = 8;

    // How many sentences are told of one text, and how deep one may stand in another.
    private const int DeepestSaid = 12;

    /// <summary>The text in the reader's language.</summary>
    /// <param name="english">A literal, so that it is found; <c>Open##verb</c> is shown as <c>Open</c>.</param>
    public static string T(string english) => Find(Language.Current, english);

    /// <summary>The text with values in it, written as the reader writes numbers and dates.</summary>
    public static string T(string english, params ReadOnlySpan<object?> values)
    {
        var language = Language.Current;
        return string.Format(language.Format, Find(language, english), values);
    }

    /// <summary>The text for a count: one form for each that the language tells apart.</summary>
    /// <param name="count">The value of <c>{0}</c>.</param>
    /// <param name="one">In English, for one; also the key.</param>
    /// <param name="other">In English, for any other number.</param>
    /// <param name="more">Values of <c>{1}</c> and so on.</param>
    public static string Plural(long count, string one, string other, params ReadOnlySpan<object?> more)
    {
        var language = Language.Current;
        var forms = TextCatalog.Of(language).FormsOf(one);
        var form = language.FormOf(count);
        var text = forms is not null && form < forms.Count ? forms[form] : WithoutNote(Language.English.FormOf(count) == 0 ? one : other);
        return string.Format(language.Format, text, [count, .. more]);
    }

    /// <summary>
    /// A refusal with values in it, in English: the audit log and programs read it too. Pages show it by <see cref="Told"/>, which knows the
    /// sentence again. One without values is marked by <see cref="N"/>.
    /// </summary>
    public static string E(string english, params ReadOnlySpan<object?> values) =>
        string.Format(CultureInfo.InvariantCulture, english, values);

    /// <summary>Marks the form of a sentence with values that others say, a library for one, and that <see cref="Told"/> is to know.</summary>
    public static string E(string english) => english;

    /// <summary>
    /// What was said in English, in the reader's language where it has such sentences; else as it was said. Several sentences are told one
    /// by one: those that are not ours stay as they are.
    /// </summary>
    public static string Told(string said) =>
        Language.Current == Language.English || said.Length > LongestSaid ? said
            : TellAll(TextCatalog.Of(Language.Current), said, DeepestSaid);

    /// <summary>Marks a text that is kept in a table and translated when it is shown, with <see cref="T(string)"/>.</summary>
    public static string N(string english) => english;

    // The first sentence that is known counts, since a value would take whatever stands behind it; unless a form of several sentences says
    // more, or what was said in a form comes last and goes on.
    private static string TellAll(TextCatalog texts, string said, int depth)
    {
        if (depth == 0 || texts.Find(said) is not null)
        {
            return texts.Find(said) ?? said;
        }

        var (most, at, found) = (0, 0, ((SaidForm Form, IReadOnlyList<(string Value, bool IsSaid)> Values)?)null);
        var first = EndOfSentence(said, 0);
        for (var (end, tried) = (first, 0); end > 0 && tried < DeepestSaid; end = EndOfSentence(said, end), tried++)
        {
            Try(end);
        }

        Try(said.Length);
        if (most == 0)
        {
            return first == 0 ? said : $"{said[..first]} {TellAll(texts, said[(first + 1)..], depth - 1)}";
        }

        // Only what is chosen is told further, so that no text takes long.
        var told = found is var (form, values) ? Filled(texts, form, values, depth) : texts.Find(said[..at])!;
        return at == said.Length ? told : told + (char.IsAscii(told[^1]) ? " " : "") + TellAll(texts, said[(at + 1)..], depth - 1);

        void Try(int end)
        {
            var isWhole = texts.Find(said[..end]) is not null;
            var one = isWhole ? null : texts.FindSaid(said[..end]);
            var length = isWhole ? end : one?.Form.OwnLength ?? 0;
            if ((length > most && (most < WeakForm || isWhole || one!.Value.Form.IsSeveral))
                || (one is not null && one.Value.Form == found?.Form && one.Value.Form.EndsInSaid))
            {
                (most, at, found) = (length, end, one);
            }
        }
    }

    private static string Filled(TextCatalog texts, SaidForm form, IReadOnlyList<(string Value, bool IsSaid)> values, int depth) =>
        string.Format(
            Language.Current.Format, form.Text,
            [.. values.Select(value => value.IsSaid ? TellAll(texts, value.Value, depth - 1) : value.Value)]);

    private static int EndOfSentence(string said, int from) => said.IndexOf(". ", from, StringComparison.Ordinal) + 1;

    private static string Find(Language language, string english) => TextCatalog.Of(language).Find(english) ?? WithoutNote(english);

    // A note is the end of the text: what a value's format has, as {0:0.##}, is none.
    private static string WithoutNote(string english)
    {
        var at = english.LastIndexOf(Note, StringComparison.Ordinal);
        return at < 0 || english.IndexOf('}', at) >= 0 ? english : english[..at];
    }
}
