using System.Globalization;
using Portal.Contracts.Policies.Signing;

namespace Portal.Contracts.Policies;

/// <summary>
/// Decides what policies allow: one answer for the portal, which asks before it calls a node, and for the agent, which asks again with what
/// it alone knows (links, other containers, images by id).
/// </summary>
public static class PolicyCheck
{
    /// <summary>All that the policies do not allow.</summary>
    public static IReadOnlyList<PolicyViolation> Find(IEnumerable<Policy> policies, IReadOnlyCollection<PolicyDemand> demands)
    {
        ArgumentNullException.ThrowIfNull(policies);
        ArgumentNullException.ThrowIfNull(demands);
        return
        [
            .. from policy in policies
               from demand in demands
               let allowed = demand.Rule == PolicyRule.Signatures ? Unsigned(policy, demand) : Refuse(policy.Rules, demand)
               where allowed is not null
               select new PolicyViolation(policy.Name, demand, allowed),
        ];
    }

    // What the rule allows, in words, when that is not what is asked for; null when it is.
    private static string? Refuse(PolicyRules rules, PolicyDemand demand) => demand.Rule switch
    {
        PolicyRule.HostPaths => Listed(rules.HostPaths, rule => Covers(rule, demand), rule => rule.ToString()),
        PolicyRule.Registries => Listed(rules.Registries, pattern => ImagePattern.Covers(pattern, demand.Value), Quote),
        PolicyRule.HostNamespaces => Listed(rules.HostNamespaces, name => name == demand.Value, Quote),
        PolicyRule.Devices => Listed(rules.Devices, device => CoversDevice(device, demand.Value), Quote),
        PolicyRule.Capabilities => Listed(rules.Capabilities, name => name == "ALL" || name == demand.Value, Quote),
        PolicyRule.VolumeTypes => Listed(rules.VolumeTypes, type => type == demand.Value, Quote),
        PolicyRule.Privileged => rules.ForbidPrivileged ? "they are forbidden" : null,
        PolicyRule.OtherHostAccess => rules.ForbidOtherHostAccess ? "it is forbidden" : null,
        PolicyRule.Memory => Memory(rules.LargestMemoryBytes, demand.Value),
        _ => "what this policy knows nothing of is forbidden",
    };

    // Before anybody looked: nothing, when the agent will look, and what stands in the way when it can't.
    private static string? Unsigned(Policy policy, PolicyDemand demand)
    {
        if (demand.SignedBy is null && policy.AgentLooksAtSignatures)
        {
            return null;
        }

        var rule = demand.Value == SignatureRule.AnyImage
            ? policy.Rules.Signatures?.FirstOrDefault(rule => !rule.AllowUnsigned)
            : SignatureRules.RuleFor(policy.Rules.Signatures, demand.Value);
        if (rule is null or { AllowUnsigned: true })
        {
            return null;
        }

        if (demand.SignedBy is null)
        {
            return $"images of '{rule.Image}' must be signed, and this node's agent can't look at signatures: it is too old, or has not been "
                + "told the rule yet. Upgrade it, or try again in a few seconds";
        }

        var keys = SignatureRules.KeysOf(rule).ToList();
        return keys.Exists(key => demand.SignedBy.Contains(key.Fingerprint)) ? null
            : keys.Count == 0 ? $"images of '{rule.Image}' need a signature, by a key that this node can't use"
            : $"images of '{rule.Image}' need a signature by {(keys.Count == 1 ? "the key" : "one of the keys")} "
                + string.Join(", ", keys.Select(key => key.Short))
                + $". Have it signed in its registry ('cosign sign --key KEY {demand.Value}@DIGEST') and pull it again";
    }

    private static string? Listed<T>(IReadOnlyList<T>? list, Func<T, bool> covers, Func<T, string> show) =>
        list is null || list.Any(covers) ? null
        : list.Count == 0 ? "none is allowed"
        : $"allowed {(list.Count == 1 ? "is" : "are")} {string.Join(", ", list.Select(show))}";

    private static bool Covers(HostPathRule rule, PolicyDemand demand) =>
        (rule.Writable || !demand.Writes)
        && HostPathText.Normalize(rule.Path) is { } folder
        && HostPathText.Normalize(demand.Value) is { } path
        && HostPathText.IsAtOrBelow(path, folder);

    private static bool CoversDevice(string allowed, string device) =>
        allowed.StartsWith('/')
            ? HostPathText.Normalize(device) is { } path && HostPathText.IsAtOrBelow(path, HostPathText.Normalize(allowed)!)
            : allowed.EndsWith('*') ? !device.StartsWith('/') && device.StartsWith(allowed[..^1], StringComparison.Ordinal)
            : allowed == device;

    private static string? Memory(long largest, string asked) =>
        largest == 0
            || (long.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) && bytes > 0 && bytes <= largest)
            ? null
            : $"a limit of at most {largest.ToString(CultureInfo.InvariantCulture)} bytes is required";

    private static string Quote(string text) => $"'{text}'";
}
