using System.Text.RegularExpressions;
using Portal.Engine.Containers;

namespace Portal.Engine.Logs.Forwarding;

/// <summary>
/// Labels and variables of a container that its log options choose: <c>labels</c> and <c>env</c> by name, <c>labels-regex</c> and
/// <c>env-regex</c> by pattern.
/// </summary>
public static class LogAttributes
{
    /// <summary>Names and values, as <c>docker logs --details</c> shows them.</summary>
    public static IReadOnlyDictionary<string, string> Of(ContainerSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var variables = spec.Environment.Select(item => item.Split('=', 2)).Where(pair => pair.Length == 2)
            .GroupBy(pair => pair[0]).ToDictionary(group => group.Key, group => group.Last()[1]);
        var chosen = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Choose(spec.Labels, spec.LogOptions, "labels", chosen);
        Choose(variables, spec.LogOptions, "env", chosen);
        return chosen;
    }

    /// <summary>True for a pattern that can be used.</summary>
    internal static bool IsPattern(string pattern) => Compile(pattern) is not null;

    private static void Choose(
        IReadOnlyDictionary<string, string> from,
        IReadOnlyDictionary<string, string> options,
        string option,
        SortedDictionary<string, string> chosen)
    {
        foreach (var name in (options.GetValueOrDefault(option) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (from.TryGetValue(name, out var value))
            {
                chosen[name] = value;
            }
        }

        if (options.GetValueOrDefault(option + "-regex") is { Length: > 0 } pattern && Compile(pattern) is { } regex)
        {
            foreach (var (name, value) in from.Where(pair => regex.IsMatch(pair.Key)))
            {
                chosen[name] = value;
            }
        }
    }

    // Without backtracking no pattern is slow, so none has a deadline: on a busy host any match may take a while.
    private static Regex? Compile(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
