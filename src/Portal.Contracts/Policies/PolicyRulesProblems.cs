using System.Text.RegularExpressions;
using Portal.Contracts.Policies.Signing;

namespace Portal.Contracts.Policies;

/// <summary>Finds what is wrong with rules that somebody wrote.</summary>
public static partial class PolicyRulesProblems
{
    /// <summary>The most entries that a list may have.</summary>
    public const int LongestList = 100;

    /// <summary>The most keys that images of a pattern may have been signed by.</summary>
    public const int MostKeys = 20;

    private const int LongestPath = 1024;

    /// <summary>The namespaces that can be shared with the host.</summary>
    public static IReadOnlyList<string> Namespaces { get; } = ["network", "pid", "ipc", "uts", "user", "cgroup"];

    /// <summary>Each problem as a sentence for the user; nothing when there is none.</summary>
    public static IReadOnlyList<string> Find(PolicyRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return
        [
            .. Each(rules.HostPaths, "host paths", rule => PathProblem(rule.Path)),
            .. Each(rules.Registries, "repositories", ImagePattern.Problem),
            .. Each(rules.Signatures, "images to be signed", SignatureProblem),
            .. (rules.Signatures ?? []).Where(rule => rule is not null).GroupBy(rule => rule.Image).Where(group => group.Count() > 1)
                .Select(group => $"'{group.Key}' is listed twice among the images to be signed: put its keys into one entry."),
            .. Each(rules.HostNamespaces, "namespaces", name => Namespaces.Contains(name)
                ? null : $"'{name}' is no namespace: they are {string.Join(", ", Namespaces)}."),
            .. Each(rules.Devices, "devices", DeviceProblem),
            .. Each(rules.Capabilities, "capabilities", name => Capability().IsMatch(name)
                ? null : $"'{name}' is no capability: write it as NET_ADMIN, or ALL for all."),
            .. Each(rules.VolumeTypes, "types of volumes", type => VolumeType().IsMatch(type)
                ? null : $"'{type}' is no type of volumes: write tmpfs, bind, nfs or the name of a file system."),
            .. rules.LargestMemoryBytes < 0 ? ["The limit of memory can't be negative."] : Array.Empty<string>(),
        ];
    }

    private static IEnumerable<string> Each<T>(IReadOnlyList<T>? list, string what, Func<T, string?> problem) =>
        list is null ? []
        : list.Count > LongestList ? [$"A policy lists at most {LongestList} {what}."]
        : list.Select(item => item is null ? $"A list of {what} holds nothing where an entry should be." : problem(item))
            .OfType<string>();

    private static string? SignatureProblem(SignatureRule rule)
    {
        var keys = rule.Keys ?? [];
        var pattern = rule.Image == SignatureRule.AnyImage ? null : ImagePattern.Problem(rule.Image ?? "");
        return pattern is not null ? $"{pattern} Or '*' for all images."
            : rule.AllowUnsigned && keys.Count > 0 ? $"'{rule.Image}' may be unsigned, and has keys: it is one or the other."
            : !rule.AllowUnsigned && keys.Count == 0 ? $"'{rule.Image}' needs at least one public key, or may be unsigned."
            : keys.Count > MostKeys ? $"'{rule.Image}' has more than {MostKeys} keys."
            : keys.Select(key => SigningKey.TryParse(key, out _, out var problem) ? null : $"{rule.Image}: {problem}")
                .FirstOrDefault(problem => problem is not null);
    }

    private static string? PathProblem(string path) =>
        path.Length <= LongestPath && HostPathText.Normalize(path) == path && !path.Any(char.IsControl)
            ? null : $"'{path}' is no host path: write it absolute, without '..', '.' and a slash at its end.";

    private static string? DeviceProblem(string device) =>
        device.StartsWith('/') ? PathProblem(device)
        : DeviceName().IsMatch(device) ? null
        : $"'{device}' is no device: write a path below /dev, gpu, or a name such as nvidia.com/gpu=*.";

    [GeneratedRegex(@"^[A-Z][A-Z_]{1,40}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Capability();

    [GeneratedRegex(@"^[a-z0-9][a-z0-9._-]{0,31}\z", RegexOptions.CultureInvariant)]
    private static partial Regex VolumeType();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._/=:-]{0,127}\*?\z", RegexOptions.CultureInvariant)]
    private static partial Regex DeviceName();
}
