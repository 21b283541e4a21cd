namespace Portal.Contracts.Policies;

/// <summary>Something asked for that a policy does not allow.</summary>
/// <param name="Policy">The policy's name.</param>
/// <param name="Demand">What was asked for.</param>
/// <param name="Allowed">What the rule allows, in words.</param>
public sealed record PolicyViolation(string Policy, PolicyDemand Demand, string Allowed)
{
    /// <summary>What was asked for and is refused, by which policy and rule, and what is allowed instead: for the user.</summary>
    public string Message => $"The policy '{Policy}' does not allow {What} ({Demand.Key}). Rule {Demand.Rule}: {Allowed}.";

    private string What => Demand.Rule switch
    {
        PolicyRule.HostPaths => $"the host path '{Demand.Value}'{(Demand.Writes ? " writable" : "")}",
        PolicyRule.Registries => $"images from '{Demand.Value}'",
        PolicyRule.Signatures when Demand.Value == SignatureRule.AnyImage => "an image of which nobody knows whether it is signed",
        PolicyRule.Signatures => $"images of '{Demand.Value}' that are not signed by whom it trusts",
        PolicyRule.Privileged => "privileged containers and processes",
        PolicyRule.HostNamespaces => $"the host's namespace '{Demand.Value}'",
        PolicyRule.Devices => $"the device '{Demand.Value}'",
        PolicyRule.Capabilities => $"the capability '{Demand.Value}'",
        PolicyRule.VolumeTypes => $"volumes of the type '{Demand.Value}'",
        PolicyRule.Memory => Demand.Value == "0" ? "a container without a limit of memory" : $"{Demand.Value} bytes of memory",
        _ => $"'{Demand.Value}', which reaches the host",
    };

    /// <summary>All of them in one message.</summary>
    public static string Describe(IEnumerable<PolicyViolation> violations) =>
        string.Join(' ', violations.Select(violation => violation.Message).Distinct());
}
