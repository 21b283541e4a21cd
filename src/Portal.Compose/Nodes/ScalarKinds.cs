using System.Text.RegularExpressions;

namespace Portal.Compose.Nodes;

/// <summary>YAML's core schema: what a scalar without quotes is. <c>yes</c>, <c>on</c> and <c>22:22</c> are text.</summary>
internal static partial class ScalarKinds
{
    public static ScalarKind Of(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => ScalarKind.Null,
        "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => ScalarKind.Bool,
        _ when Whole().IsMatch(text) => ScalarKind.Int,
        _ when Fraction().IsMatch(text) => ScalarKind.Float,
        _ => ScalarKind.Text,
    };

    [GeneratedRegex(@"\A([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex(@"\A([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Fraction();
}
