using System.Globalization;
using Portal.Compose.Nodes;

namespace Portal.Compose.Shapes;

/// <summary>The kinds of values that Compose files have.</summary>
internal static class Scalars
{
    public static Shape Text { get; } = new ScalarShape("text", ScalarKind.Text, text => text, ScalarKind.Text);

    /// <summary>Text where a number is as good.</summary>
    public static Shape Word { get; } =
        new ScalarShape("text or a number", ScalarKind.Text, text => text, ScalarKind.Text, ScalarKind.Int, ScalarKind.Float);

    /// <summary>Text where numbers and truths are as good.</summary>
    public static Shape Loose { get; } =
        new ScalarShape("one value", ScalarKind.Text, text => text, ScalarKind.Text, ScalarKind.Int, ScalarKind.Float, ScalarKind.Bool);

    public static Shape TextList { get; } = new ListShape(Text);

    public static Shape WordList { get; } = new ListShape(Word);

    public static Shape TextOrList { get; } = new ListShape(Text, single: true);

    public static Shape Bool { get; } =
        new ScalarShape("true or false", ScalarKind.Bool, ReadBool, ScalarKind.Bool, ScalarKind.Text) { Offered = ["true", "false"] };

    public static Shape Duration { get; } =
        new ScalarShape("a time as 1m30s", ScalarKind.Text, text => Durations.TryParse(text, out _) ? text : null, ScalarKind.Text);

    public static Shape Bytes { get; } = new ScalarShape(
        "a size as 512m",
        ScalarKind.Int,
        text => ByteSizes.TryParse(text, out var size) ? size.ToString(CultureInfo.InvariantCulture) : null,
        ScalarKind.Text,
        ScalarKind.Int,
        ScalarKind.Float);

    public static Shape Number { get; } = new ScalarShape(
        "a number",
        ScalarKind.Float,
        text => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number.ToString("0.#########", CultureInfo.InvariantCulture)
            : null,
        ScalarKind.Text,
        ScalarKind.Int,
        ScalarKind.Float);

    /// <summary>A mode of a file: octal when it is text or begins with 0, as everybody means it.</summary>
    public static Shape Mode { get; } = new ScalarShape("a mode as 0440", ScalarKind.Text, ReadMode, ScalarKind.Text, ScalarKind.Int);

    public static Shape Int(long least = long.MinValue, long most = long.MaxValue) => new ScalarShape(
        least == long.MinValue && most == long.MaxValue ? "a whole number" :
        most == long.MaxValue ? $"a whole number from {least}" : $"a whole number from {least} to {most}",
        ScalarKind.Int,
        text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most
            ? number.ToString(CultureInfo.InvariantCulture)
            : null,
        ScalarKind.Int,
        ScalarKind.Text);

    public static Shape OneOf(params string[] words) => new ScalarShape(
        $"one of {string.Join(", ", words)}", ScalarKind.Text, text =>
            words.Contains(text, StringComparer.Ordinal) ? text : null, ScalarKind.Text) { Offered = words };

    public static Shape That(string words, Func<string, bool> holds, params string[] offered) =>
        new ScalarShape(words, ScalarKind.Text, text => holds(text) ? text : null, ScalarKind.Text) { Offered = offered };

    private static string? ReadBool(string text) => text switch
    {
        "true" or "True" or "TRUE" or "yes" or "on" or "y" or "1" => "true",
        "false" or "False" or "FALSE" or "no" or "off" or "n" or "0" => "false",
        _ => null,
    };

    private static string? ReadMode(string text)
    {
        var digits = text.StartsWith("0o", StringComparison.Ordinal) ? text[2..] : text;
        return digits.Length is > 0 and <= 6 && digits.All(digit => digit is >= '0' and <= '7') ? "0" + digits.TrimStart('0') : null;
    }
}
