using System.Collections.Frozen;
using System.Text.Json;

namespace Portal.Web.Languages;

/// <summary>The texts of one language, from <c>Languages/Texts/CODE/AREA.json</c> as they were built in.</summary>
/// <remarks>Read once, never changed. A file is an object: the English text to its translation, or to an array of forms for a count.</remarks>
internal sealed class TextCatalog
{
    /// <summary>The area whose texts are for scripts: they come with the page (<see cref="InScripts"/>).</summary>
    public const string ScriptArea = "scripts";

    /// <summary>The area of sentences that are said in English first, with values in them (<see cref="Texts.E(string)"/>).</summary>
    public const string RefusalArea = "refusals";

    private const string Root = "Portal.Languages.";
    private static readonly FrozenDictionary<string, TextCatalog> s_all =
        Language.All.ToFrozenDictionary(language => language.Code, language => new TextCatalog(language));

    private readonly FrozenDictionary<string, string[]> _texts;
    private readonly Lazy<IReadOnlyList<SaidForm>> _refusals;

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

    /// <summary>The form of a sentence that was said with values in it, and these; null when it is none of ours.</summary>
    public (SaidForm Form, IReadOnlyList<(string Value, bool IsSaid)> Values)? FindSaid(string said)
    {
        foreach (var form in _refusals.Value)
        {
            if (form.Read(said) is { } values)
            {
                return (form, values);
            }
        }

        return null;
    }

    private static IReadOnlyList<SaidForm> ReadRefusals(Language language) =>
    [
        .. Areas(language).Where(name => name.EndsWith("/" + RefusalArea, StringComparison.Ordinal)).SelectMany(Read)
            .Where(text => SaidForm.Has(text.English))
            .Select(text => new SaidForm(text.English, text.Forms[0]))
            .OrderByDescending(form => form.OwnLength),
    ];

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
