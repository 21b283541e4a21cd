using System.Text.RegularExpressions;

namespace Portal.Web.Features.Stacks;

/// <summary>Reads the lines in which values are typed.</summary>
internal static partial class StackValues
{
    /// <summary>The values that there were, changed by the lines.</summary>
    /// <returns>Null with what is wrong when a line can't be read; the value itself is not told.</returns>
    public static (Dictionary<string, string>? Values, string? Problem) Apply(IReadOnlyDictionary<string, string> old, string lines)
    {
        var values = new Dictionary<string, string>(old, StringComparer.Ordinal);
        foreach (var (line, index) in lines.Split('\n').Select((line, index) => (line.TrimEnd('\r'), index)))
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            var parts = line.Split('=', 2);
            var name = parts[0].Trim();
            if (!Name().IsMatch(name))
            {
                return (null, E("Line {0} of the values is no NAME=value.", index + 1));
            }

            if (parts.Length == 2)
            {
                values[name] = parts[1];
            }
            else
            {
                values.Remove(name);
            }
        }

        return (values, null);
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
