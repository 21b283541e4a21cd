using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Portal.Web.Languages;

/// <summary>The texts of one language, from <c>Languages/Texts/CODE/AREA.json</c> as they were built in.</summary>
/// <remarks>Read once, never changed. A file is an object: the English text to its translation, or to an array of forms for a count.</remarks>
internal sealed partial class TextCatalog
{
    /// <summary>The area whose texts are for scripts: they come with the page (<see cref="InScripts"/>).</summary>
    public const string ScriptArea = "scripts";

    /// <summary>The area of sentences that are said in English first, with values in them (<see cref="Texts.E"/>).</summary>
    public const string RefusalArea = "refusals";

    // Whatever is longer was not said by the portal, or is no sentence.
    private const int LongestSaid = 4096;

    private const string Root = "Portal.Languages.";
    private static readonly FrozenDictionary<string, TextCatalog> s_all =
        Language.All.ToFrozenDictionary(language => language.Code, language => new TextCatalog(language));

    private readonly FrozenDictionary<string, string[]> _texts;
    private readonly Lazy<IReadOnlyList<(Regex Said, string Text)>> _refusals;

    private TextCatalog(Language language)
    {
        var texts = new Dictionary<string, string[]>();
        foreach (var name in Areas(language))
        {
            foreach (var (english, forms) in Read(name))
            {
                texts[english] = forms;
            }
        }

        _texts = texts.ToFrozenDictionary(StringComparer.Ordinal);
        InScripts = Areas(language).FirstOrDefault(name => name.EndsWith("/" + ScriptArea, StringComparison.Ordinal)) is { } scripts
            ? JsonSerializer.Serialize(Read(scripts).ToDictionary(text => text.English, text => text.Forms[0]))
            : "{}";
        _refusals = new(() => ReadRefusals(language));
    }

    /// <summary>The texts that scripts show, as a JSON object that can stand in a page: the serializer escapes what could end it.</summary>
    public string InScripts { get; }

    /// <summary>The English texts that it has.</summary>
    public IEnumerable<string> Keys => _texts.Keys;

    public static TextCatalog Of(Language language) => s_all[language.Code];

    public string? Find(string english) => _texts.TryGetValue(english, out var forms) ? forms[0] : null;

    public IReadOnlyList<string>? FormsOf(string one) => _texts.GetValueOrDefault(one);

    /// <summary>The translation of a sentence with values in it, and the values in their order; null when it is none of ours.</summary>
    public (string Text, string[] Values)? FindSaid(string said)
    {
        if (said.Length > LongestSaid || _texts.ContainsKey(said))
        {
            return null;
        }

        foreach (var (form, text) in _refusals.Value)
        {
            if (form.Match(said) is { Success: true } match)
            {
                var values = match.Groups.Values.Skip(1).OrderBy(group => group.Name, StringComparer.Ordinal);
                return (text, [.. values.Select(group => group.Value)]);
            }
        }

        return null;
    }

    // Those with the most words of their own first: they say most.
    private static IReadOnlyList<(Regex Said, string Text)> ReadRefusals(Language language) =>
    [
        .. Areas(language).Where(name => name.EndsWith("/" + RefusalArea, StringComparison.Ordinal)).SelectMany(Read)
            .Where(text => Hole().IsMatch(text.English))
            .OrderByDescending(text => Hole().Replace(text.English, "").Length)
            .Select(text => (FormOf(text.English), Hole().Replace(text.Forms[0], hole => $"{{{hole.Groups["number"].Value}}}"))),
    ];

    // "'{0}' is there already." finds "'web' is there already.", and that {0} is web.
    private static Regex FormOf(string english)
    {
        var known = new HashSet<string>();
        var form = new StringBuilder("^");
        var last = 0;
        foreach (Match hole in Hole().Matches(english))
        {
            var number = hole.Groups["number"].Value;
            form.Append(Regex.Escape(english[last..hole.Index])).Append(known.Add(number) ? $"(?<v{number}>.+?)" : ".+?");
            last = hole.Index + hole.Length;
        }

        form.Append(Regex.Escape(english[last..])).Append('$');
        return new Regex(form.ToString(), RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking);
    }

    [GeneratedRegex(@"\{(?<number>\d)[^{}]*\}", RegexOptions.CultureInvariant)]
    private static partial Regex Hole();

    private static IEnumerable<string> Areas(Language language) => typeof(TextCatalog).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith($"{Root}{language.Code}/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    private static IEnumerable<(string English, string[] Forms)> Read(string resource)
    {
        using var stream = typeof(TextCatalog).Assembly.GetManifestResourceStream(resource)!;
        using var file = JsonDocument.Parse(stream);
        return
        [
            .. file.RootElement.EnumerateObject().Select(text => (
                text.Name,
                text.Value.ValueKind == JsonValueKind.Array
                    ? text.Value.EnumerateArray().Select(form => form.GetString()!).ToArray()
                    : [text.Value.GetString()!])),
        ];
    }
}
