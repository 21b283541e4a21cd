using System.Globalization;
using System.Text;

namespace Portal.Compose.Proposals;

/// <summary>Writes the little YAML that a Compose file needs; texts of others stay texts, whatever signs are in them.</summary>
internal sealed class YamlText
{
    private static readonly HashSet<string> s_words = new(StringComparer.OrdinalIgnoreCase)
    {
        "true", "false", "yes", "no", "on", "off", "null", "y", "n", "~",
    };

    private readonly StringBuilder _text = new();

    public override string ToString() => _text.ToString();

    public void Key(int indent, string key) => Start(indent, key).Append('\n');

    public void Value(int indent, string key, string value) => Start(indent, key).Append(' ').Append(Quote(value)).Append('\n');

    /// <summary>As <see cref="Value"/>, as it is: there is no '$' in it, or it begins a variable.</summary>
    public void Literal(int indent, string key, string value) => Start(indent, key).Append(' ').Append(QuoteAll(value)).Append('\n');

    /// <inheritdoc cref="Literal"/>
    public void LiteralItem(int indent, string value) => _text.Append(' ', indent).Append("- ").Append(QuoteAll(value)).Append('\n');

    /// <summary>A value that is no text: a number, true, or one that begins with a variable.</summary>
    public void Plain(int indent, string key, string value) => Start(indent, key).Append(' ').Append(value).Append('\n');

    /// <summary>An item that is a map: its first key, the others follow two further in.</summary>
    public void First(int indent, string key, string value) =>
        _text.Append(' ', indent).Append("- ").Append(key).Append(": ").Append(Quote(value)).Append('\n');

    public void Item(int indent, string value) => _text.Append(' ', indent).Append("- ").Append(Quote(value)).Append('\n');

    public void List(int indent, string key, IReadOnlyCollection<string> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        Key(indent, key);
        foreach (var value in values)
        {
            Item(indent + 2, value);
        }
    }

    /// <summary>An empty list on purpose: what the image says is not taken.</summary>
    public void Empty(int indent, string key) => Plain(indent, key, "[]");

    // '$' begins a variable in Compose, and two of them are one.
    private static string Quote(string value) => QuoteAll(value.Replace("$", "$$", StringComparison.Ordinal));

    private static string QuoteAll(string text)
    {
        if (IsPlain(text))
        {
            return text;
        }

        var quoted = new StringBuilder("\"");
        foreach (var letter in text)
        {
            quoted.Append(letter switch
            {
                '"' => "\\\"",
                '\\' => @"\\",
                '\n' => "\\n",
                '\t' => "\\t",
                '\r' => "\\r",
                _ when char.IsControl(letter) || letter is '\u2028' or '\u2029' or '\uFEFF' =>
                    "\\u" + ((int)letter).ToString("x4", CultureInfo.InvariantCulture),
                _ => letter.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    private static bool IsPlain(string text) => text.Length > 0 && char.IsAsciiLetter(text[0]) && !s_words.Contains(text)
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' or '/');

    private StringBuilder Start(int indent, string key) => _text.Append(' ', indent).Append(Quote(key)).Append(':');
}
