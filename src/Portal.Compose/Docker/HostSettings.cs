using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Compose.Model;
using Portal.Compose.Nodes;

namespace Portal.Compose.Docker;

/// <summary>Docker's <c>HostConfig</c> of a service's container.</summary>
internal static class HostSettings
{
    public static JsonObject Of(ComposeProject project, ComposeService service, ContainerPlace place)
    {
        var definition = service.Definition;
        var settings = Json.Object(
            ("NetworkMode", Shared(definition.Text("network_mode"), place) ?? (JsonNode?)Endpoints.First(project, service)),
            ("PidMode", Shared(definition.Text("pid"), place)),
            ("IpcMode", Shared(definition.Text("ipc"), place)),
            ("UTSMode", Json.Text(definition, "uts")),
            ("UsernsMode", Json.Text(definition, "userns_mode")),
            ("CgroupnsMode", Json.Text(definition, "cgroup")),
            ("CgroupParent", Json.Text(definition, "cgroup_parent")),
            ("Privileged", Json.Flag(definition, "privileged")),
            ("ReadonlyRootfs", Json.Flag(definition, "read_only")),
            ("Init", definition.Text("init") is { } init ? JsonValue.Create(init == "true") : null),
            ("Runtime", Json.Text(definition, "runtime")),
            ("Isolation", Json.Text(definition, "isolation")),
            ("CapAdd", Json.Texts(definition, "cap_add")),
            ("CapDrop", Json.Texts(definition, "cap_drop")),
            ("SecurityOpt", Json.Texts(definition, "security_opt")),
            ("GroupAdd", Json.Texts(definition, "group_add")),
            ("Dns", Json.Texts(definition, "dns")),
            ("DnsOptions", Json.Texts(definition, "dns_opt")),
            ("DnsSearch", Json.Texts(definition, "dns_search")),
            ("ExtraHosts", Json.List(ExtraHosts(definition))),
            ("Sysctls", Json.Pairs(definition, "sysctls")),
            ("Annotations", Json.Pairs(definition, "annotations")),
            ("StorageOpt", Json.Pairs(definition, "storage_opt")),
            ("LogConfig", Logging(definition.Map("logging"))),
            ("RestartPolicy", Restart(definition)),
            ("PortBindings", Ports(service)),
            ("VolumesFrom", Json.List(VolumesFrom(definition, place))));
        foreach (var (name, value) in Limits.Of(definition).Concat(Devices.Of(definition)).Concat(Mounts.Of(project, service, place)))
        {
            settings[name] = value?.DeepClone();
        }

        return settings;
    }

    // A namespace of another service's is that of its container.
    private static JsonValue? Shared(string? mode, ContainerPlace place) =>
        mode is null ? null
        : mode.StartsWith("service:", StringComparison.Ordinal)
            ? JsonValue.Create("container:" + place.Containers.GetValueOrDefault(mode["service:".Length..], ""))
        : JsonValue.Create(mode);

    private static IEnumerable<string> VolumesFrom(ComposeMap definition, ContainerPlace place)
    {
        foreach (var from in definition.Texts("volumes_from"))
        {
            var isContainer = from.StartsWith("container:", StringComparison.Ordinal);
            var parts = (isContainer ? from["container:".Length..] : from).Split(':', 2);
            var container = isContainer ? parts[0] : place.Containers.GetValueOrDefault(parts[0], "");
            yield return parts.Length == 2 ? $"{container}:{parts[1]}" : container;
        }
    }

    private static IEnumerable<string> ExtraHosts(ComposeMap definition) =>
        from host in definition.Map("extra_hosts")?.Entries ?? []
        from address in host.Value is ComposeList list ? list.Items.OfType<ComposeScalar>() : []
        select $"{host.Key}:{address.Text}";

    private static JsonObject? Logging(ComposeMap? logging) => logging is null ? null : Json.Object(
        ("Type", Json.Text(logging, "driver")), ("Config", Json.Pairs(logging, "options")));

    private static JsonObject? Restart(ComposeMap definition)
    {
        if (definition.Text("restart") is { } restart)
        {
            var parts = restart.Split(':', 2);
            return Json.Object(
                ("Name", parts[0]),
                ("MaximumRetryCount", parts.Length == 2 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : null));
        }

        if (definition.Map("deploy")?.Map("restart_policy") is not { } policy)
        {
            return null;
        }

        var attempts = Json.Number(policy, "max_attempts");
        return policy.Text("condition") switch
        {
            "none" => Json.Object(("Name", "no")),
            "on-failure" => Json.Object(("Name", "on-failure"), ("MaximumRetryCount", attempts)),
            _ => Json.Object(("Name", "unless-stopped")),
        };
    }

    private static JsonObject? Ports(ComposeService service)
    {
        var bindings = new JsonObject();
        foreach (var group in service.Ports.Where(port => !port.IsIngress).GroupBy(port => $"{port.Target}/{port.Protocol}"))
        {
            bindings[group.Key] = Json.Items(group.Select(port => Json.Object(("HostIp", port.HostIp), ("HostPort", port.Published))));
        }

        return bindings.Count > 0 ? bindings : null;
    }
}
