namespace Portal.Contracts.Policies;

/// <summary>Policies from and to the link's messages.</summary>
public static class PolicyMapping
{
    /// <summary>To the message.</summary>
    public static V1.Policy ToMessage(Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var rules = policy.Rules;
        var message = new V1.PolicyRules
        {
            Registries = ToList(rules.Registries),
            HostNamespaces = ToList(rules.HostNamespaces),
            Devices = ToList(rules.Devices),
            Capabilities = ToList(rules.Capabilities),
            VolumeTypes = ToList(rules.VolumeTypes),
            ForbidPrivileged = rules.ForbidPrivileged,
            ForbidOtherHostAccess = rules.ForbidOtherHostAccess,
            LargestMemoryBytes = rules.LargestMemoryBytes,
        };
        if (rules.HostPaths is { } paths)
        {
            message.HostPaths = new V1.HostPathList();
            message.HostPaths.Paths.AddRange(paths.Select(rule => new V1.HostPath { Path = rule.Path, Writable = rule.Writable }));
        }

        if (rules.Signatures is { } signatures)
        {
            message.Signatures = new V1.SignatureList();
            message.Signatures.Rules.AddRange(signatures.Select(ToMessage));
        }

        return new V1.Policy { Name = policy.Name, Rules = message };
    }

    /// <summary>From the message.</summary>
    public static Policy FromMessage(V1.Policy message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var rules = message.Rules ?? new V1.PolicyRules();
        return new Policy(message.Name, new PolicyRules
        {
            HostPaths = rules.HostPaths is { } paths ? [.. paths.Paths.Select(rule => new HostPathRule(rule.Path, rule.Writable))] : null,
            Registries = rules.Registries?.Values,
            Signatures = rules.Signatures is { } signatures
                ? [.. signatures.Rules.Select(rule => new SignatureRule(rule.Image, [.. rule.Keys], rule.AllowUnsigned))] : null,
            HostNamespaces = rules.HostNamespaces?.Values,
            Devices = rules.Devices?.Values,
            Capabilities = rules.Capabilities?.Values,
            VolumeTypes = rules.VolumeTypes?.Values,
            ForbidPrivileged = rules.ForbidPrivileged,
            ForbidOtherHostAccess = rules.ForbidOtherHostAccess,
            LargestMemoryBytes = rules.LargestMemoryBytes,
        });
    }

    private static V1.SignatureRule ToMessage(SignatureRule rule)
    {
        var message = new V1.SignatureRule { Image = rule.Image, AllowUnsigned = rule.AllowUnsigned };
        message.Keys.AddRange(rule.Keys ?? []);
        return message;
    }

    private static V1.TextList? ToList(IReadOnlyList<string>? values)
    {
        if (values is null)
        {
            return null;
        }

        var list = new V1.TextList();
        list.Values.AddRange(values);
        return list;
    }
}
