using System.Globalization;
using Portal.Contracts.Permissions;
using Portal.Contracts.Stacks;

namespace Portal.Contracts.Policies.Demands;

/// <summary>Puts single settings of containers, volumes and images into demands: the same for each form in which they come.</summary>
public static class PolicyDemands
{
    private const string AllDevices = "/dev";
    private const string BindType = "bind";

    /// <summary>Of <c>SOURCE:TARGET[:OPTIONS]</c>: the host path; nothing for a volume.</summary>
    public static IEnumerable<PolicyDemand> Bind(string bind, string key)
    {
        ArgumentNullException.ThrowIfNull(bind);
        var parts = bind.Split(':');
        var isReadOnly = parts.Length > 2 && parts[2].Split(',').Contains("ro");
        return parts[0].StartsWith('/') ? [HostPath(parts[0], !isReadOnly, key)] : [];
    }

    /// <summary>Of a path of the host; in its normal form where it has one.</summary>
    public static PolicyDemand HostPath(string path, bool writes, string key) =>
        new(PolicyRule.HostPaths, HostPathText.Normalize(path) ?? path, key, writes);

    /// <summary>All but the trees that stacks bring and mount read-only: those are no files of the host.</summary>
    public static IEnumerable<PolicyDemand> WithoutStackTrees(IEnumerable<PolicyDemand> demands, IReadOnlyList<string> folders) =>
        demands.Where(demand => demand.Rule != PolicyRule.HostPaths || demand.Writes || !StackTree.IsPlace(demand.Value, folders));

    /// <summary>Of the options of a volume's driver, <c>type</c>, <c>device</c> and <c>o</c>; nothing for a plain folder.</summary>
    public static IEnumerable<PolicyDemand> Volume(IEnumerable<KeyValuePair<string, string>> options, string key)
    {
        ArgumentNullException.ThrowIfNull(options);
        var all = options.ToList();
        if (all.Count == 0)
        {
            yield break;
        }

        // Whatever case they stand in: the engine may read more kindly than this does.
        var device = Value(all, "device");
        var flags = Value(all, "o").Split(',', StringSplitOptions.TrimEntries);
        var type = Value(all, "type").Trim().ToLowerInvariant();
        var isBind = type == BindType || flags.Any(flag => flag.ToLowerInvariant() is BindType or "rbind");
        var shown = isBind ? BindType : type is "nfs4" ? "nfs" : type.Length > 0 ? type : "none";
        yield return new PolicyDemand(PolicyRule.VolumeTypes, shown, key);
        if (isBind)
        {
            yield return HostPath(device, !flags.Contains("ro"), key);
        }
        else if (device.StartsWith('/'))
        {
            yield return new PolicyDemand(PolicyRule.Devices, HostPathText.Normalize(device) ?? device, key);
        }
    }

    /// <summary>Of a privileged container or process, which has all capabilities and, as a container, all devices.</summary>
    public static IEnumerable<PolicyDemand> Privileged(string key, bool isProcess = false)
    {
        yield return new PolicyDemand(PolicyRule.Privileged, "privileged", key);
        yield return new PolicyDemand(PolicyRule.Capabilities, "ALL", key);
        if (!isProcess)
        {
            yield return new PolicyDemand(PolicyRule.Devices, AllDevices, key);
        }
    }

    /// <summary>
    /// Of a mode of a namespace: nothing for one of the container's own, nor for another container's: whether that one shares the host's, the
    /// agent looks up.
    /// </summary>
    /// <param name="kind">One of <see cref="PolicyRulesProblems.Namespaces"/>.</param>
    /// <param name="mode">Docker's, such as <c>host</c>.</param>
    /// <param name="key">Where it stands.</param>
    public static IEnumerable<PolicyDemand> Namespace(string kind, string mode, string key)
    {
        ArgumentNullException.ThrowIfNull(mode);
        var isOwn = kind switch
        {
            _ when mode.Length == 0 || mode.StartsWith("container:", StringComparison.Ordinal) => true,
            "network" => mode != "host" && !mode.AsSpan().ContainsAny(':', '/'),
            "pid" or "cgroup" => mode == "private",
            "ipc" => mode is "private" or "shareable" or "none",
            "user" => mode == "auto",
            _ => false,
        };
        return isOwn ? [] : [new PolicyDemand(PolicyRule.HostNamespaces, kind, key)];
    }

    /// <summary>Of capabilities; nothing for those of Docker's default set.</summary>
    public static IEnumerable<PolicyDemand> Capabilities(IEnumerable<string> names, string key)
    {
        const string Prefix = "CAP_";
        return names.Where(name => !HostAccess.IsHarmless(name))
            .Select(name => name.Trim().ToUpperInvariant())
            .Select(name => name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name)
            .Select(name => new PolicyDemand(PolicyRule.Capabilities, name, key));
    }

    /// <summary>
    /// Of an image's name; nothing for an id, which the agent looks up. Whether it is signed nobody knows then: the agent looks when it gets it.
    /// </summary>
    public static IEnumerable<PolicyDemand> Image(string image, string key) =>
        ImagePattern.RepositoryOf(image) is { } repository
            ? [new PolicyDemand(PolicyRule.Registries, repository, key), new PolicyDemand(PolicyRule.Signatures, repository, key)]
            : [new PolicyDemand(PolicyRule.Signatures, SignatureRule.AnyImage, key)];

    /// <summary>Of a build, whose bases its Dockerfile names: the agent looks at each.</summary>
    public static PolicyDemand Bases(string key) => new(PolicyRule.Signatures, SignatureRule.AnyImage, key);

    /// <summary>Of a device of the host.</summary>
    public static PolicyDemand Device(string device, string key) =>
        new(PolicyRule.Devices, HostPathText.Normalize(device) ?? device, key);

    /// <summary>Of a limit of memory in bytes; 0 or less for none.</summary>
    public static PolicyDemand Memory(long bytes, string key) =>
        new(PolicyRule.Memory, Math.Max(bytes, 0).ToString(CultureInfo.InvariantCulture), key);

    /// <summary>Of whatever else reaches the host.</summary>
    public static PolicyDemand Other(string what, string key) => new(PolicyRule.OtherHostAccess, what, key);

    private static string Value(List<KeyValuePair<string, string>> options, string name) =>
        string.Join(
            ',', options.Where(option => option.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(option => option.Value));
}
