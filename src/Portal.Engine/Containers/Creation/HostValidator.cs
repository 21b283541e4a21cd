using System.Text.RegularExpressions;
using Portal.Engine.Containers.Users;
using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Containers.Creation;

/// <summary>
/// Finds what is wrong, in Docker's words, with what ties a container to its host: namespaces and what does not
/// go with them.
/// </summary>
internal static partial class HostValidator
{
    private const int LeastMemory = 6 * 1024 * 1024;

    public static IEnumerable<string> Validate(ContainerSpec spec)
    {
        return Namespaces(spec)
            .Concat(JoinedNetwork(spec))
            .Concat(MacAddress(spec))
            .Concat(Links(spec))
            .Concat(Sysctls(spec))
            .Concat(Limits(spec))
            .Concat(Paths(spec));
    }

    /// <summary>What is wrong with limits alone, which may change while a container runs.</summary>
    public static IEnumerable<string> Limits(ContainerSpec spec) => Scores(spec).Concat(Cpu(spec));

    private static IEnumerable<string> Namespaces(ContainerSpec spec)
    {
        if (NamespaceMode.Parse(spec.PidMode)?.Kind is not (NamespaceKind.Private or NamespaceKind.Host or NamespaceKind.Container))
        {
            yield return $"invalid PID mode: {spec.PidMode}";
        }

        if (NamespaceMode.Parse(spec.IpcMode) is null)
        {
            yield return $"invalid IPC mode: {spec.IpcMode}";
        }

        if (spec.UtsMode is not ("" or "host"))
        {
            yield return $"invalid UTS mode: {spec.UtsMode}";
        }

        if (spec.CgroupnsMode is not ("" or "private" or "host"))
        {
            yield return $"invalid cgroup namespace mode: {spec.CgroupnsMode}";
        }

        if (UsernsMode.Parse(spec.UsernsMode) is null)
        {
            yield return $"invalid USER mode: {spec.UsernsMode}";
        }

        if (spec.UtsMode == "host" && !string.IsNullOrEmpty(spec.Hostname))
        {
            yield return "conflicting options: hostname and the UTS mode";
        }
    }

    private static IEnumerable<string> JoinedNetwork(ContainerSpec spec)
    {
        if (!spec.NetworkMode.StartsWith("container:", StringComparison.Ordinal))
        {
            yield break;
        }

        if (spec.MacAddress.Length > 0)
        {
            yield return "conflicting options: mac-address and the network mode";
        }

        if (spec.Dns.Count > 0)
        {
            yield return "conflicting options: dns and the network mode";
        }

        if (spec.ExtraHosts.Count > 0)
        {
            yield return "conflicting options: custom host-to-IP mapping and the network mode";
        }
    }

    private static IEnumerable<string> MacAddress(ContainerSpec spec)
    {
        var addresses = spec.Networks.Select(network => network.MacAddress ?? "").Append(spec.MacAddress);
        return addresses.Where(address => address.Length > 0 && !MacAddressText().IsMatch(address))
            .Select(address => $"address {address}: invalid MAC address");
    }

    private static IEnumerable<string> Links(ContainerSpec spec)
    {
        if (spec.Links.Count > 0 && spec.NetworkMode == "host")
        {
            yield return "conflicting options: host type networking can't be used with links. This would result in undefined behavior";
        }
        else if (spec.Links.Count > 0 && spec.NetworkMode.StartsWith("container:", StringComparison.Ordinal))
        {
            yield return "conflicting options: container type network can't be used with links. This would result in undefined behavior";
        }

        foreach (var link in spec.Links.Where(link => !ContainerLinkText.TryParse(link, out _, out _)))
        {
            yield return $"bad format for links: {link}";
        }
    }

    private static IEnumerable<string> Sysctls(ContainerSpec spec)
    {
        foreach (var (name, value) in spec.Sysctls)
        {
            if (name.Contains('\0') || value.Contains('\0') || name.Contains("..", StringComparison.Ordinal))
            {
                yield return $"sysctl \"{name}\" is invalid";
            }
            else if (SysctlScope.Problem(spec, name) is { } problem)
            {
                yield return problem;
            }
        }
    }

    private static IEnumerable<string> Scores(ContainerSpec spec)
    {
        if (spec.OomScoreAdj is < -1000 or > 1000)
        {
            yield return $"Invalid value {spec.OomScoreAdj}, range for oom score adj is [-1000, 1000]";
        }

        var limits = spec.Resources;
        if (limits.MemorySwappiness is { } swappiness and not -1 and (< 0 or > 100))
        {
            yield return $"Invalid value: {swappiness}, valid memory swappiness range is 0-100";
        }

        if (limits.MemoryReservation is > 0 and < LeastMemory)
        {
            yield return "Minimum memory reservation allowed is 6MB";
        }

        var weights = limits.BlockIo.DeviceWeights.Select(device => device.Weight).Append(limits.BlockIo.Weight);
        if (weights.Any(weight => weight is not 0 and (< 10 or > 1000)))
        {
            yield return "Range of blkio weight is from 10 to 1000";
        }
    }

    private static IEnumerable<string> Cpu(ContainerSpec spec)
    {
        var limits = spec.Resources;
        if (limits.NanoCpus != 0 && limits.CpuPeriod != 0)
        {
            yield return "Conflicting options: Nano CPUs and CPU Period cannot both be set";
        }

        if (limits.NanoCpus != 0 && limits.CpuQuota != 0)
        {
            yield return "Conflicting options: Nano CPUs and CPU Quota cannot both be set";
        }

        if (limits.CpuPeriod is not 0 and (< 1000 or > 1_000_000))
        {
            yield return "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)";
        }

        if (limits.CpuQuota is > 0 and < 1000)
        {
            yield return "CPU cfs quota can not be less than 1ms (i.e. 1000)";
        }

        if (limits.CpuRealtimePeriod != 0 && limits.CpuRealtimeRuntime > limits.CpuRealtimePeriod)
        {
            yield return "cpu real-time runtime cannot be higher than cpu real-time period";
        }
    }

    private static IEnumerable<string> Paths(ContainerSpec spec)
    {
        var paths = (spec.MaskedPaths ?? []).Concat(spec.ReadonlyPaths ?? []);
        foreach (var path in paths.Where(path => path.Length == 0 || path[0] != '/' || path.Contains('\0')))
        {
            yield return $"invalid masked or read-only path '{path}': it must be absolute";
        }

        if (spec.CgroupParent.Contains('\0') || spec.CgroupParent.Split('/').Contains(".."))
        {
            yield return $"invalid cgroup parent '{spec.CgroupParent}': it must not lead upwards";
        }

        if (spec.VolumeDriver is not ("" or "local"))
        {
            yield return $"error looking up volume plugin {spec.VolumeDriver}: plugin \"{spec.VolumeDriver}\" not found";
        }

        if (spec.StorageOptions.Count > 0)
        {
            yield return "--storage-opt is supported only for overlay over xfs with 'pquota' mount option";
        }
    }

    [GeneratedRegex(@"\A[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}\z")]
    private static partial Regex MacAddressText();
}
