using System.Collections.Frozen;
using System.Text.Json;
using Portal.Contracts.Networks.V1;
using Portal.Contracts.Stacks;
using Portal.Contracts.Volumes.V1;
using static Portal.Contracts.Permissions.Docker.DockerJson;

namespace Portal.Contracts.Permissions.Docker;

/// <summary>
/// <see cref="HostAccess"/> for bodies of Docker's API. What is known to stay inside is listed; whatever else a body sets reaches the host.
/// Names are read without regard to case, and each of those that come twice counts, as whoever reads the body later may take either.
/// </summary>
internal static class DockerHostAccess
{
    // Settings of HostConfig that bound, name or restrict the container, whatever their value.
    private static readonly FrozenSet<string> s_harmless = new[]
    {
        "PortBindings", "PublishAllPorts", "RestartPolicy", "AutoRemove", "ConsoleSize", "CapDrop", "Dns", "DnsOptions", "DnsSearch",
        "ExtraHosts", "GroupAdd", "Links", "ReadonlyRootfs", "StorageOpt", "Tmpfs", "ShmSize", "Init", "Isolation", "CpuShares",
        "CpuPeriod", "CpuQuota", "CpuRealtimePeriod", "CpuRealtimeRuntime", "CpusetCpus", "CpusetMems", "CpuCount", "CpuPercent",
        "NanoCpus", "Memory",
        "MemoryReservation", "MemorySwap", "MemorySwappiness", "KernelMemory", "KernelMemoryTCP", "PidsLimit", "Ulimits", "BlkioWeight",
        "OomKillDisable", "OomScoreAdj", "IOMaximumIOps", "IOMaximumBandwidth", "ContainerIDFile", "Sysctls",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, Func<JsonElement, bool>> s_checked = new Dictionary<string, Func<JsonElement, bool>>
    {
        ["NetworkMode"] = IsOwnNetwork,
        ["PidMode"] = value => IsOneOf(value, "private"),
        ["IpcMode"] = value => IsOneOf(value, "private", "shareable", "none"),
        ["CgroupnsMode"] = value => IsOneOf(value, "private"),
        ["UsernsMode"] = value => IsOneOf(value, "auto"),
        ["VolumeDriver"] = value => IsOneOf(value, "local"),
        ["Binds"] = value => All(value, bind => bind.ValueKind == JsonValueKind.String && IsNamedVolume(bind.GetString()!)),
        ["Mounts"] = value => All(value, IsOwnMount),
        ["CapAdd"] = value => All(value, name => name.ValueKind == JsonValueKind.String && HostAccess.IsHarmless(name.GetString()!)),
        ["SecurityOpt"] = value =>
            All(value, option => option.ValueKind == JsonValueKind.String && HostAccess.IsHarmlessOption(option.GetString()!)),
        ["LogConfig"] = IsOwnLog,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    // An empty list of them unmasks all that is hidden of the kernel.
    private static readonly FrozenSet<string> s_masking =
        new[] { "MaskedPaths", "ReadonlyPaths" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // What a setting takes when it is not known to stay inside; all that is not named here takes the permission for the rest.
    private static readonly FrozenDictionary<string, string> s_permissions = new Dictionary<string, string>
    {
        ["Privileged"] = PermissionNames.ContainersPrivileged,
        ["Binds"] = PermissionNames.ContainersHostPaths,
        ["Mounts"] = PermissionNames.ContainersHostPaths,
        ["NetworkMode"] = PermissionNames.ContainersHostNamespaces,
        ["PidMode"] = PermissionNames.ContainersHostNamespaces,
        ["IpcMode"] = PermissionNames.ContainersHostNamespaces,
        ["UTSMode"] = PermissionNames.ContainersHostNamespaces,
        ["UsernsMode"] = PermissionNames.ContainersHostNamespaces,
        ["CgroupnsMode"] = PermissionNames.ContainersHostNamespaces,
        ["Devices"] = PermissionNames.ContainersDevices,
        ["DeviceRequests"] = PermissionNames.ContainersDevices,
        ["DeviceCgroupRules"] = PermissionNames.ContainersDevices,
        ["CapAdd"] = PermissionNames.ContainersCapabilities,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>What the body takes besides what its path does.</summary>
    /// <exception cref="FormatException">The body is no JSON object.</exception>
    public static IReadOnlyList<string> NeededBy(DockerRule rule, ReadOnlyMemory<byte> body, IReadOnlyList<string> stackFolders)
    {
        using var document = Parse(body);
        var root = document.RootElement;
        return rule.Path switch
        {
            "/containers/create" =>
                [.. Named(root, "HostConfig").SelectMany(settings => NeededBySettings(settings, stackFolders)).Distinct()],
            "/containers/{id}/update" => [.. NeededBySettings(root, []).Distinct()],
            "/containers/{id}/exec" when Named(root, "Privileged").All(IsDefault) => [],
            "/containers/{id}/exec" => [PermissionNames.ContainersPrivileged],
            "/networks/create" => NeededByNetwork(root),
            "/volumes/create" => NeededByVolume(root),
            _ => [PermissionNames.ContainersHostAccess],
        };
    }

    /// <summary>True when a step of the build would run with what is the host's.</summary>
    public static bool IsAskedByBuild(string query) =>
        DockerQuery.Values(query, "networkmode").Any(mode => mode is not ("" or "default" or "bridge" or "none"))
        || DockerQuery.Value(query, "cgroupparent").Length > 0
        || DockerQuery.Values(query, "securityopt").Any(value => value is not ("" or "[]" or "null"));

    /// <summary>Settings of a container that reach the host in ways that have no permission, and no rule of policies, of their own.</summary>
    public static IEnumerable<JsonProperty> OtherSettings(JsonElement settings) => Members(settings).Where(setting =>
        !IsHarmless(setting) && !s_permissions.ContainsKey(setting.Name));

    private static IEnumerable<string> NeededBySettings(JsonElement settings, IReadOnlyList<string> stackFolders) =>
        settings.ValueKind switch
        {
            JsonValueKind.Null => [],
            JsonValueKind.Object => settings.EnumerateObject().Where(setting => !IsHarmless(setting))
                .SelectMany(setting => NeededBySetting(setting, stackFolders)),
            _ => [PermissionNames.ContainersHostAccess],
        };

    private static bool IsHarmless(JsonProperty setting) =>
        s_harmless.Contains(setting.Name)
        || IsDefault(setting.Value)
        || (IsEmptyList(setting.Value) && !s_masking.Contains(setting.Name))
        || (s_checked.TryGetValue(setting.Name, out var check) && check(setting.Value));

    private static IEnumerable<string> NeededBySetting(JsonProperty setting, IReadOnlyList<string> stackFolders)
    {
        if (setting.Name.Equals("Binds", StringComparison.OrdinalIgnoreCase)
            && All(setting.Value, bind => bind.ValueKind == JsonValueKind.String
                && (IsNamedVolume(bind.GetString()!) || IsStackTree(bind.GetString()!, stackFolders))))
        {
            yield return PermissionNames.StacksDeploy;
            yield break;
        }

        yield return s_permissions.GetValueOrDefault(setting.Name, PermissionNames.ContainersHostAccess);

        // A volume whose driver's options are given with the mount may mount anything, as one that is made so.
        if (setting.Name.Equals("Mounts", StringComparison.OrdinalIgnoreCase)
            && !All(setting.Value, mount => IsOwnMount(mount) || IsBind(mount)))
        {
            yield return PermissionNames.ContainersHostAccess;
        }
    }

    private static IReadOnlyList<string> NeededByNetwork(JsonElement root)
    {
        var request = new CreateNetworkRequest();
        foreach (var driver in Named(root, "Driver").Where(value => !IsDefault(value) && !IsOneOf(value, "default")))
        {
            request.Driver = request.Driver is "" or "bridge" ? driver.ToString() : request.Driver;
        }

        foreach (var option in Named(root, "Options").Where(value => value.ValueKind == JsonValueKind.Object).SelectMany(Members))
        {
            request.Options[option.Name] = option.Value.ToString();
        }

        foreach (var subnet in Named(root, "IPAM").SelectMany(ipam => Named(ipam, "Config")).SelectMany(Items)
            .SelectMany(config => Named(config, "Subnet")))
        {
            request.Subnets.Add(new SubnetConfig { Subnet = subnet.ToString() });
        }

        return Named(root, "ConfigFrom").Any(from => Named(from, "Network").Any(value => !IsDefault(value)))
            ? [PermissionNames.ContainersHostAccess]
            : HostAccess.NeededBy(request);
    }

    private static IReadOnlyList<string> NeededByVolume(JsonElement root)
    {
        var request = new CreateVolumeRequest();
        var options = Named(root, "DriverOpts").Where(value => value.ValueKind == JsonValueKind.Object).SelectMany(Members).ToList();
        foreach (var option in options)
        {
            request.Options[option.Name] = option.Value.ToString();
        }

        // Of an option that comes twice either may be taken: then all of them count for the worst.
        var isUnclear = Named(root, "Driver").Any(value => !IsOneOf(value, "local"))
            || Named(root, "ClusterVolumeSpec").Any(value => !IsDefault(value))
            || request.Options.Count != options.Count;
        return isUnclear ? [PermissionNames.ContainersHostAccess, PermissionNames.ContainersHostPaths] : HostAccess.NeededBy(request);
    }

    // A network by its name; not the host's, and not another container's, which may be on the host's.
    private static bool IsOwnNetwork(JsonElement value) =>
        value.ValueKind == JsonValueKind.String
        && value.GetString() is { } mode
        && !mode.Equals("host", StringComparison.OrdinalIgnoreCase)
        && !mode.Contains(':', StringComparison.Ordinal)
        && !mode.Contains('/', StringComparison.Ordinal);

    // What a container says would be written to any socket of the host, and any file of it be read as a key.
    private static bool IsOwnLog(JsonElement log) =>
        log.ValueKind == JsonValueKind.Object
        && Named(log, "Config").All(options => IsDefault(options) || (options.ValueKind == JsonValueKind.Object && Members(options)
            .All(option => !option.Value.ToString().Trim().StartsWith("unix", StringComparison.OrdinalIgnoreCase)
                && (!option.Name.Contains("-tls-", StringComparison.OrdinalIgnoreCase)
                    || option.Name.EndsWith("-skip-verify", StringComparison.OrdinalIgnoreCase)))));

    private static bool IsNamedVolume(string bind) => bind.Length > 0 && char.IsAsciiLetterOrDigit(bind[0]);

    // FOLDER/[STACK/]DIGEST/(file|files):TARGET:ro, and nothing that any of it could be read as besides.
    private static bool IsStackTree(string bind, IReadOnlyList<string> folders) =>
        bind.Split(':') is [var source, ['/', ..], "ro"] && StackTree.IsPlace(source, folders);

    private static bool IsOwnMount(JsonElement mount) =>
        mount.ValueKind == JsonValueKind.Object
        && Named(mount, "Type").ToList() is { Count: 1 } types
        && types.TrueForAll(type => IsOneOf(type, "volume", "tmpfs"))
        && Named(mount, "VolumeOptions").All(options => Named(options, "DriverConfig").All(driver =>
            Named(driver, "Options").All(IsDefault) && Named(driver, "Name").All(name => IsOneOf(name, "local"))));

    private static bool IsBind(JsonElement mount) =>
        mount.ValueKind == JsonValueKind.Object
        && Named(mount, "Type").ToList() is { Count: 1 } types
        && types[0].ValueKind == JsonValueKind.String
        && types[0].GetString() == "bind"
        && !Named(mount, "VolumeOptions").Any(options => !IsDefault(options));

    private static bool IsOneOf(JsonElement value, params ReadOnlySpan<string> allowed) =>
        IsDefault(value) || (value.ValueKind == JsonValueKind.String && allowed.Contains(value.GetString()!));

    private static bool IsEmptyList(JsonElement value) => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0;

    private static bool All(JsonElement list, Func<JsonElement, bool> check) =>
        list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(check);
}
