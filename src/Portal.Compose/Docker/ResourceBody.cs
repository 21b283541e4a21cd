using System.Text.Json.Nodes;
using Portal.Compose.Model;
using Portal.Compose.Nodes;
using Portal.Compose.Planning;

namespace Portal.Compose.Docker;

/// <summary>Networks and volumes in the words of Docker's API.</summary>
public static class ResourceBody
{
    /// <summary>The body of <c>POST /networks/create</c>.</summary>
    public static JsonObject Network(ComposeProject project, ComposeResource network)
    {
        var definition = network.Definition;
        return Json.Object(
            ("Name", network.Name),
            ("Driver", Json.Text(definition, "driver")),
            ("Internal", Json.Flag(definition, "internal")),
            ("Attachable", Json.Flag(definition, "attachable")),
            ("EnableIPv4", definition.Text("enable_ipv4") is { } four ? JsonValue.Create(four == "true") : null),
            ("EnableIPv6", definition.Text("enable_ipv6") is { } six ? JsonValue.Create(six == "true") : null),
            ("Options", Json.Pairs(definition, "driver_opts")),
            ("IPAM", Ipam(definition.Map("ipam"))),
            ("Labels", Labels(project, definition, ComposeLabels.Network, network.Key)));
    }

    /// <summary>The body of <c>POST /volumes/create</c>.</summary>
    public static JsonObject Volume(ComposeProject project, ComposeResource volume) => Json.Object(
        ("Name", volume.Name),
        ("Driver", Json.Text(volume.Definition, "driver")),
        ("DriverOpts", Json.Pairs(volume.Definition, "driver_opts")),
        ("Labels", Labels(project, volume.Definition, ComposeLabels.Volume, volume.Key)));

    private static JsonObject Labels(ComposeProject project, ComposeMap definition, string label, string key)
    {
        var labels = new JsonObject();
        foreach (var (name, value) in definition.Pairs("labels"))
        {
            labels[name] = value ?? "";
        }

        labels[ComposeLabels.Project] = project.Name;
        labels[label] = key;
        return labels;
    }

    private static JsonObject? Ipam(ComposeMap? ipam) => ipam is null ? null : Json.Object(
        ("Driver", Json.Text(ipam, "driver")),
        ("Config", Json.Items(ipam.Items("config").OfType<ComposeMap>().Select(config => Json.Object(
            ("Subnet", Json.Text(config, "subnet")),
            ("IPRange", Json.Text(config, "ip_range")),
            ("Gateway", Json.Text(config, "gateway")),
            ("AuxiliaryAddresses", Json.Pairs(config, "aux_addresses")))))),
        ("Options", Json.Pairs(ipam, "options")));
}
