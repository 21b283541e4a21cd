using System.Net;
using Portal.Contracts.Containers.V1;
using Portal.Contracts.Networks.V1;
using Portal.Contracts.Volumes.V1;

namespace Portal.Contracts.Permissions;

/// <summary>
/// Which containers, networks and volumes reach the host, and by what, so that to make one takes further permissions
/// (<see cref="PermissionNames.ContainersPrivileged"/>, ...). The portal asks this to know what to assert, the agent to know what must have
/// been asserted: one answer for both.
/// </summary>
public static class HostAccess
{
    // Docker's default set: to name one of these adds nothing.
    private static readonly string[] s_harmlessCapabilities =
    [
        "CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "MKNOD", "NET_RAW", "SETGID", "SETUID", "SETFCAP", "SETPCAP", "NET_BIND_SERVICE",
        "SYS_CHROOT", "KILL", "AUDIT_WRITE",
    ];

    private static readonly string[] s_harmlessTmpfsOptions =
        ["size", "mode", "uid", "gid", "nr_inodes", "ro", "rw", "nosuid", "nodev", "noexec", "noatime"];

    // What changes nothing but the network's own bridge. The others name interfaces or addresses of the host, or open it to be routed to.
    private static readonly string[] s_harmlessNetworkOptions =
    [
        "com.docker.network.bridge.enable_icc", "com.docker.network.driver.mtu", "com.docker.network.container_iface_prefix",
        "com.docker.network.bridge.enable_ip_masquerade",
    ];

    // RFC 1918, RFC 6598 and RFC 4193. Another range would take that part of the internet away from the host.
    private static readonly IPNetwork[] s_privateRanges =
    [
        IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("fc00::/7"),
    ];

    /// <summary>
    /// What it takes besides: when containers on the network would be on the host's own networks, or the network takes names or addresses of the
    /// host.
    /// </summary>
    public static IReadOnlyList<string> NeededBy(CreateNetworkRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var asked = request.Driver is not ("" or "bridge")
            || request.ConfigFrom.Length > 0
            || request.Subnets.Any(subnet => subnet.Subnet.Length > 0 && !IsPrivate(subnet.Subnet))
            || request.Options.Keys.Any(name => !s_harmlessNetworkOptions.Contains(name));
        return asked ? [PermissionNames.ContainersHostAccess] : [];
    }

    /// <summary>What it takes besides, for all that is not known to stay inside; nothing for a container that asks for none of it.</summary>
    public static IReadOnlyList<string> NeededBy(CreateContainerRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        (bool Asked, string Permission)[] demands =
        [
            (request.Privileged, PermissionNames.ContainersPrivileged),
            (request.Binds.Count > 0, PermissionNames.ContainersHostPaths),
            (request.Mounts.Any(mount => mount.Type is not ("volume" or "tmpfs")), PermissionNames.ContainersHostPaths),
            (SharesNamespaces(request), PermissionNames.ContainersHostNamespaces),
            (request.Devices.Count > 0 || request.Gpus != 0 || request.CdiDevices.Count > 0, PermissionNames.ContainersDevices),
            (request.CapabilitiesToAdd.Any(name => !IsHarmless(name)), PermissionNames.ContainersCapabilities),
            (request.Runtime.Length > 0, PermissionNames.ContainersHostAccess),
            (request.SecurityOptions.Any(option => !IsHarmlessOption(option)), PermissionNames.ContainersHostAccess),
        ];
        return [.. demands.Where(demand => demand.Asked).Select(demand => demand.Permission).Distinct()];
    }

    /// <summary>
    /// What it takes besides, when a volume's options could mount more than memory of its own: a path or device of the host, a server, or anything
    /// unknown. A bind is what a bind of a container is, whichever way it comes.
    /// </summary>
    public static IReadOnlyList<string> NeededBy(CreateVolumeRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Options.Count == 0 || IsMemory(request))
        {
            return [];
        }

        return BindsAPath(request)
            ? [PermissionNames.ContainersHostAccess, PermissionNames.ContainersHostPaths]
            : [PermissionNames.ContainersHostAccess];
    }

    private static bool SharesNamespaces(CreateContainerRequest request) =>
        request.NetworkMode is not ("" or "default" or "bridge" or "none")
        || request.PidMode is not ("" or "private")
        || request.IpcMode is not ("" or "private" or "shareable" or "none")
        || request.UtsMode.Length > 0

        // Ids of the host, or of its administrator's choice; those that the engine finds by itself are nobody's.
        || request.UsernsMode is not ("" or "auto");

    private static bool IsMemory(CreateVolumeRequest request) =>
        request.Options.TryGetValue("type", out var type)
        && type == "tmpfs"
        && request.Options.All(option => option.Key is "type" or "device" or "o")
        && request.Options.TryGetValue("o", out var mountOptions)
        && IsBoundedMemory(mountOptions);

    // Whatever case or place it stands in: the engine may read more kindly than this does.
    private static bool BindsAPath(CreateVolumeRequest request) =>
        request.Options.Any(option => option.Value.Contains("bind", StringComparison.OrdinalIgnoreCase)
            || option.Value.TrimStart().StartsWith('/'));

    // Without a size a tmpfs may take half of the host's memory.
    private static bool IsBoundedMemory(string mountOptions)
    {
        var options = mountOptions.Split(',');
        var sizes = options.Where(option => option.StartsWith("size=", StringComparison.Ordinal)).ToList();
        return sizes.Count == 1
            && !sizes[0].EndsWith('%')
            && options.All(option => s_harmlessTmpfsOptions.Contains(option.Split('=')[0]));
    }

    private static bool IsPrivate(string subnet)
    {
        return IPNetwork.TryParse(subnet, out var network)
            && s_privateRanges.Any(range => range.PrefixLength <= network.PrefixLength && range.Contains(network.BaseAddress));
    }

    internal static bool IsHarmless(string capability)
    {
        const string Prefix = "CAP_";
        var name = capability.Trim().ToUpperInvariant();
        return s_harmlessCapabilities.Contains(name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name);
    }

    /// <summary>
    /// True for a security option that restricts, that names what holds anyway, or that is for SELinux, by which no container is confined here:
    /// <c>label=disable</c> takes nothing away. AppArmor, seccomp and hidden paths do confine, where another value is given.
    /// </summary>
    public static bool IsHarmlessOption(string option)
    {
        ArgumentNullException.ThrowIfNull(option);
        var at = option.AsSpan().IndexOfAny('=', ':');
        var (key, value) = at < 0 ? (option, "") : (option[..at], option[(at + 1)..]);
        return key switch
        {
            "no-new-privileges" => value is "" or "true",
            "label" => at > 0,
            "seccomp" => value is "builtin" or "default",
            _ => false,
        };
    }
}
