using System.Text.Json;
using Portal.Contracts.Permissions.Docker;
using static Portal.Contracts.Permissions.Docker.DockerJson;

namespace Portal.Contracts.Policies.Demands;

/// <summary>What requests of Docker's API ask for that policies rule on.</summary>
public static class DockerDemands
{
    private const string Host = "HostConfig.";

    private static readonly (string Setting, string Kind)[] s_namespaces =
    [
        ("NetworkMode", "network"), ("PidMode", "pid"), ("IpcMode", "ipc"), ("UTSMode", "uts"), ("UsernsMode", "user"),
        ("CgroupnsMode", "cgroup"),
    ];

    /// <summary>Of a request; nothing for those that policies do not rule on.</summary>
    /// <param name="call">The request.</param>
    /// <param name="body">The body of a route whose body is checked; anything for the others.</param>
    /// <param name="stackFolders">Folders with trees that stacks mount, as <see cref="DockerCall.Needs"/> takes them. None by default.</param>
    /// <exception cref="FormatException">The body is none that could be checked.</exception>
    public static IReadOnlyList<PolicyDemand> Of(
        DockerCall call, ReadOnlyMemory<byte> body, IReadOnlyList<string>? stackFolders = null) =>
        [.. PolicyDemands.WithoutStackTrees(Find(call, body), stackFolders ?? [])];

    private static IReadOnlyList<PolicyDemand> Find(DockerCall call, ReadOnlyMemory<byte> body)
    {
        ArgumentNullException.ThrowIfNull(call);
        switch (call.Rule.Path)
        {
            case "/images/create" when DockerQuery.Value(call.Query, "fromSrc").Length == 0:
                return [.. DockerQuery.Values(call.Query, "fromImage").SelectMany(image => PolicyDemands.Image(image, "fromImage"))];
            case "/build":
                return [.. Build(call.Query)];
            case "/containers/create" or "/containers/{id}/update" or "/containers/{id}/exec" or "/volumes/create" or "/networks/create":
                break;
            default:
                return [];
        }

        using var document = Parse(body);
        var root = document.RootElement;
        return call.Rule.Path switch
        {
            "/containers/create" => [.. Container(root)],
            "/containers/{id}/update" =>
                [.. Limits(root).Where(bytes => bytes != 0).Select(bytes => PolicyDemands.Memory(bytes, "Memory"))],
            "/containers/{id}/exec" =>
                Named(root, "Privileged").Any(IsAsked) ? [.. PolicyDemands.Privileged("Privileged", isProcess: true)] : [],
            "/volumes/create" => [.. Named(root, "DriverOpts").SelectMany(options => PolicyDemands.Volume(Pairs(options), "DriverOpts"))],
            _ => call.Needs(body).Contains(Permissions.PermissionNames.ContainersHostAccess)
                ? [PolicyDemands.Other("a network of the host's interfaces or addresses", "Driver, Options, IPAM")] : [],
        };
    }

    private static IEnumerable<PolicyDemand> Build(string query) =>
        DockerQuery.Values(query, "networkmode").SelectMany(mode => PolicyDemands.Namespace("network", mode, "networkmode"))
            .Append(PolicyDemands.Bases("build"))
            .Concat(DockerHostAccess.IsAskedByBuild(query) ? [PolicyDemands.Other("a build with what is the host's", "build")] : []);

    private static IEnumerable<PolicyDemand> Container(JsonElement root)
    {
        var settings = Named(root, "HostConfig").Where(value => value.ValueKind == JsonValueKind.Object).ToList();
        return Texts(root, "Image").SelectMany(image => PolicyDemands.Image(image, "Image"))
            .Concat(settings.SelectMany(Settings))
            .Concat(settings.Count == 0 ? [PolicyDemands.Memory(0, Host + "Memory")] : []);
    }

    private static IEnumerable<PolicyDemand> Settings(JsonElement settings) =>
    [
        .. Texts(settings, "Binds").SelectMany(bind => PolicyDemands.Bind(bind, Host + "Binds")),
        .. Named(settings, "Mounts").SelectMany(Items).SelectMany(Mount),
        .. Named(settings, "Privileged").Any(IsAsked) ? PolicyDemands.Privileged(Host + "Privileged") : [],
        .. s_namespaces.SelectMany(pair => Texts(settings, pair.Setting)
            .SelectMany(mode => PolicyDemands.Namespace(pair.Kind, mode, Host + pair.Setting))),
        .. Named(settings, "Devices").SelectMany(Items).SelectMany(device => Texts(device, "PathOnHost"))
            .Select(path => PolicyDemands.Device(path, Host + "Devices")),
        .. Texts(settings, "DeviceCgroupRules").Select(rule => PolicyDemands.Device(rule, Host + "DeviceCgroupRules")),
        .. Named(settings, "DeviceRequests").SelectMany(Items).SelectMany(Requested),
        .. PolicyDemands.Capabilities(Texts(settings, "CapAdd"), Host + "CapAdd"),
        .. DockerHostAccess.OtherSettings(settings).Select(setting => PolicyDemands.Other(setting.Name, Host + setting.Name)),
        PolicyDemands.Memory(Limits(settings).DefaultIfEmpty(0).Min(), Host + "Memory"),
    ];

    private static IEnumerable<PolicyDemand> Mount(JsonElement mount)
    {
        const string Key = Host + "Mounts";
        var isReadOnly = Named(mount, "ReadOnly").Any() && Named(mount, "ReadOnly").All(value => value.ValueKind == JsonValueKind.True);
        var options = Named(mount, "VolumeOptions").SelectMany(value => Named(value, "DriverConfig"))
            .SelectMany(driver => Named(driver, "Options")).SelectMany(value => PolicyDemands.Volume(Pairs(value), Key));
        return Texts(mount, "Type").All(type => type is "volume" or "tmpfs")
            ? options
            : Texts(mount, "Source").Select(path => PolicyDemands.HostPath(path, !isReadOnly, Key)).Concat(options);
    }

    private static IEnumerable<PolicyDemand> Requested(JsonElement request)
    {
        const string Key = Host + "DeviceRequests";
        return Texts(request, "Driver").Contains("cdi")
            ? Texts(request, "DeviceIDs").Select(name => PolicyDemands.Device(name, Key))
            : [PolicyDemands.Device("gpu", Key)];
    }

    private static IEnumerable<long> Limits(JsonElement settings) =>
        Named(settings, "Memory").Select(value =>
            value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var bytes) ? bytes : IsDefault(value) ? 0 : -1);

    private static bool IsAsked(JsonElement value) => !IsDefault(value);

    private static IEnumerable<KeyValuePair<string, string>> Pairs(JsonElement options) =>
        Members(options).Select(option => KeyValuePair.Create(option.Name, option.Value.ToString()));
}
