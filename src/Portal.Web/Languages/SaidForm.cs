using System.Text;
using System.Text.RegularExpressions;

namespace Portal.Web.Languages;

/// <summary>The form of a sentence with values in it, by which it is known again when it was said in English.</summary>
/// <remarks>
/// <c>{0}</c> is anything, <c>{0:name}</c> a word without blanks, <c>{0:said}</c> something that was said in English itself. What has no
/// such note and ends with a full stop is taken for a sentence too.
/// </remarks>
internal sealed partial class SaidForm
{
    private readonly Regex _form;
    private readonly string _before;
    private readonly string _behind;
    private readonly HashSet<char> _said = [];

    /// <param name="english">With values.</param>
    /// <param name="text">The translation.</param>
    public SaidForm(string english, string text)
    {
        var known = new HashSet<char>();
        var form = new StringBuilder("^");
        var last = 0;
        foreach (Match hole in Hole().Matches(english))
        {
            var (number, note) = (hole.Groups["number"].Value[0], hole.Groups["note"].Value);
            var what = note == ":name" ? @"\S+?" : ".+?";
            form.Append(Regex.Escape(english[last..hole.Index])).Append(known.Add(number) ? $"(?<v{number}>{what})" : what);
            last = hole.Index + hole.Length;
            if (note == ":said")
            {
                _said.Add(number);
            }
        }

        (_before, _behind) = (english[..english.IndexOf('{', StringComparison.Ordinal)], english[last..]);
        form.Append(Regex.Escape(_behind)).Append('$');
        _form = new Regex(form.ToString(), RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking);
        IsSeveral = Hole().Replace(english, "").Contains(". ", StringComparison.Ordinal);
        EndsInSaid = english.EndsWith(":said}", StringComparison.Ordinal);
        OwnLength = Hole().Replace(english, "").Length;
        Text = Hole().Replace(text, hole => $"{{{hole.Groups["number"].Value}}}");
    }

    /// <summary>The translation, without notes at its values.</summary>
    public string Text { get; }

    /// <summary>Whether a text has values, and so is told by its form.</summary>
    public static bool Has(string english) => Hole().IsMatch(english);

    /// <summary>Whether it is several sentences by itself.</summary>
    public bool IsSeveral { get; }

    /// <summary>Whether what was said in it comes last, and may be several sentences.</summary>
    public bool EndsInSaid { get; }

    /// <summary>How many of its letters are its own: of the forms that fit, the one with the most says most.</summary>
    public int OwnLength { get; }

    /// <summary>The values in a sentence of this form, in their order; null when it is of another.</summary>
    public IReadOnlyList<(string Value, bool IsSaid)>? Read(string said)
    {
        // Most are none, and that costs nearly nothing.
        if (!said.StartsWith(_before, StringComparison.Ordinal) || !said.EndsWith(_behind, StringComparison.Ordinal)
            || _form.Match(said) is not { Success: true } match)
        {
            return null;
        }

        return [.. match.Groups.Values.Skip(1).OrderBy(group => group.Name, StringComparer.Ordinal)
            .Select(group => (group.Value, _said.Contains(group.Name[1]) || group.Value.EndsWith('.')))];
    }

    [GeneratedRegex(@"\{(?<number>\d)(?<note>[^{}]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Hole();
}
