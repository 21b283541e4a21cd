using Portal.Contracts.Policies;
using Portal.Contracts.Policies.Signing;
using Portal.Web.Components.Shared;
using Portal.Web.Languages;

namespace Portal.Web.Features.Policies;

/// <summary>Rules in words.</summary>
internal static class PolicyText
{
    /// <summary>Each rule that restricts, with what it allows.</summary>
    public static IReadOnlyList<string> Lines(PolicyRules rules) =>
    [
        .. List(T("Host paths"), rules.HostPaths?.Select(rule => rule.Writable ? rule.Path : T("{0} (read-only)", rule.Path))),
        .. List(T("Images from"), rules.Registries),
        .. List(T("Signed images"), rules.Signatures?.Select(Signed)),
        .. List(T("Volumes of type"), rules.VolumeTypes),
        .. List(T("Capabilities"), rules.Capabilities),
        .. List(T("Devices"), rules.Devices),
        .. List(T("Host namespaces"), rules.HostNamespaces),
        .. rules.ForbidPrivileged ? [T("Nothing privileged")] : Array.Empty<string>(),
        .. rules.LargestMemoryBytes > 0 ? [T("Memory: limited, to {0} at most", Units.Bytes(rules.LargestMemoryBytes))] : Array.Empty<string>(),
        .. rules.ForbidOtherHostAccess ? [T("No other access to the host")] : Array.Empty<string>(),
    ];

    /// <summary>In one line, for the audit log.</summary>
    public static string Describe(PolicyRules rules) => LanguageFlow.InEnglish(() => string.Join("; ", Lines(rules)));

    private static string Signed(SignatureRule rule) => rule.AllowUnsigned
        ? T("{0} (unsigned too)", rule.Image)
        : T("{0} (by {1})", rule.Image, string.Join(", ", SignatureRules.KeysOf(rule).Select(key => key.Short)));

    private static IEnumerable<string> List(string what, IEnumerable<string>? values) =>
        values is null ? [] : [T("{0}: {1}", what, values.Any() ? string.Join(", ", values) : T("none"))];
}
