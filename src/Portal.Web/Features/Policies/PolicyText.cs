using Portal.Contracts.Policies;
using Portal.Web.Components.Shared;

namespace Portal.Web.Features.Policies;

/// <summary>Rules in words.</summary>
internal static class PolicyText
{
    /// <summary>Each rule that restricts, with what it allows.</summary>
    public static IReadOnlyList<string> Lines(PolicyRules rules) =>
    [
        .. List("Host paths", rules.HostPaths?.Select(rule => rule.Writable ? rule.Path : $"{rule.Path} (read-only)")),
        .. List("Images from", rules.Registries),
        .. List("Volumes of type", rules.VolumeTypes),
        .. List("Capabilities", rules.Capabilities),
        .. List("Devices", rules.Devices),
        .. List("Host namespaces", rules.HostNamespaces),
        .. rules.ForbidPrivileged ? ["Nothing privileged"] : Array.Empty<string>(),
        .. rules.LargestMemoryBytes > 0 ? [$"Memory: limited, to {Units.Bytes(rules.LargestMemoryBytes)} at most"] : Array.Empty<string>(),
        .. rules.ForbidOtherHostAccess ? ["No other access to the host"] : Array.Empty<string>(),
    ];

    /// <summary>In one line, for the audit log.</summary>
    public static string Describe(PolicyRules rules) => string.Join("; ", Lines(rules));

    private static IEnumerable<string> List(string what, IEnumerable<string>? values) =>
        values is null ? [] : [$"{what}: {(values.Any() ? string.Join(", ", values) : "none")}"];
}
