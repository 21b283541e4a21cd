using System.Globalization;
using System.Text;
using Portal.Compose.Nodes;
using YamlDotNet.Core;

namespace Portal.Compose.Editing;

/// <summary>Writes one value so that it is read as what it is, in the style of the one before where that can hold it.</summary>
internal static class ScalarText
{
    // Text for YAML's core schema, and true or false for readers of before.
    private static readonly HashSet<string> s_words = new(StringComparer.OrdinalIgnoreCase) { "yes", "no", "on", "off", "y", "n" };

    /// <summary>A new value, or one in place of another.</summary>
    /// <param name="value">What it says.</param>
    /// <param name="before">What stood there.</param>
    /// <param name="isNumber">Whether a number or truth is meant by what looks like one.</param>
    public static TextNode Make(string value, TextNode? before, bool isNumber)
    {
        var kind = ScalarKinds.Of(value);
        var wasPlain = before is { Style: ScalarStyle.Plain, IsNothing: false };
        var isSame = kind != ScalarKind.Text && kind != ScalarKind.Null && wasPlain && ScalarKinds.Of(before!.Value) == kind;
        var isNumeric = isNumber && kind is ScalarKind.Int or ScalarKind.Float or ScalarKind.Bool;
        if (before?.Style == ScalarStyle.SingleQuoted && !value.Any(NeedsEscape))
        {
            return TextNode.Of(value, ScalarStyle.SingleQuoted);
        }

        var isPlain = before?.Style != ScalarStyle.DoubleQuoted && (isSame || isNumeric || IsPlain(value));
        return TextNode.Of(value, isPlain ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted);
    }

    /// <summary>As it is written.</summary>
    public static string Write(TextNode scalar, bool isFlow) => scalar.Style switch
    {
        ScalarStyle.SingleQuoted => $"'{scalar.Value.Replace("'", "''", StringComparison.Ordinal)}'",
        ScalarStyle.Plain when !isFlow || scalar.Value.AsSpan().IndexOfAny(",[]{}") < 0 => scalar.Value,
        _ => Quoted(scalar.Value),
    };

    private static bool IsPlain(string value) =>
        value.Length > 0 && ScalarKinds.Of(value) == ScalarKind.Text && !s_words.Contains(value)
        && (char.IsLetterOrDigit(value[0]) || value[0] is '/' or '.' or '_' or '+' or '^' or '(' or '<')
        && !value.StartsWith("...", StringComparison.Ordinal)
        && value != "<<" && value[^1] is not (':' or ' ') && !value.Any(NeedsEscape)
        && !value.Contains(": ", StringComparison.Ordinal) && !value.Contains(" #", StringComparison.Ordinal)
        // In YAML 1.1 two numbers with a colon are one number to the base of sixty.
        && !value.All(letter => char.IsAsciiDigit(letter) || letter is ':' or '.' or '_' or '-' or '+');

    private static bool NeedsEscape(char letter) =>
        char.IsControl(letter) || char.IsSurrogate(letter) || letter is '\u2028' or '\u2029' or '\uFEFF' or '\u00A0' or '\u0085';

    private static string Quoted(string value)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in value.EnumerateRunes())
        {
            quoted.Append(rune.Value switch
            {
                '"' => "\\\"",
                '\\' => @"\\",
                '\n' => "\\n",
                '\t' => "\\t",
                '\r' => "\\r",
                _ when rune.IsBmp && NeedsEscape((char)rune.Value) => "\\u" + rune.Value.ToString("x4", CultureInfo.InvariantCulture),
                _ => rune.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }
}
