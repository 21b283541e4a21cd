using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Portal.Web.Nodes;

/// <summary>Labels of nodes, as people write them: one <c>key=value</c> a line, or parted by commas.</summary>
public static partial class NodeLabels
{
    private const int Most = 64;
    private const int LongestValue = 255;

    public static ImmutableSortedDictionary<string, string> None { get; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Reads them.</summary>
    /// <returns>What is wrong, for the user; null when nothing is.</returns>
    public static string? TryRead(string text, out ImmutableSortedDictionary<string, string> labels)
    {
        var read = None.ToBuilder();
        labels = None;
        foreach (var line in text.Split(['\n', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, value) = line.Split('=', 2, StringSplitOptions.TrimEntries) is [var left, var right] ? (left, right) : (line, "");
            if (!Keys().IsMatch(key))
            {
                return E("'{0}' can't be a label: it has 1 to 63 letters, digits, dots, slashes, hyphens or underscores.", key);
            }

            if (value.Length > LongestValue || value.Any(char.IsControl))
            {
                return E("The value of the label '{0}' has up to {1} characters.", key, LongestValue);
            }

            if (!read.TryAdd(key, value))
            {
                return E("The label '{0}' stands there twice.", key);
            }
        }

        labels = read.ToImmutable();
        return read.Count > Most ? E("A node has up to {0} labels.", Most) : null;
    }

    /// <summary>As <see cref="TryRead"/> reads them.</summary>
    public static string Write(IEnumerable<KeyValuePair<string, string>> labels) => string.Join('\n', labels.Select(TextOf));

    public static string TextOf(KeyValuePair<string, string> label) =>
        label.Value.Length == 0 ? label.Key : $"{label.Key}={label.Value}";

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Keys();
}
