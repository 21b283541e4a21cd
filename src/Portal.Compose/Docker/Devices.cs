using System.Text.Json.Nodes;
using Portal.Compose.Nodes;

namespace Portal.Compose.Docker;

/// <summary>Devices of the host: by their paths, by their names, or so many of a kind.</summary>
internal static class Devices
{
    public static JsonObject Of(ComposeMap definition)
    {
        var devices = definition.Items("devices").OfType<ComposeMap>().ToArray();
        var named = devices.Where(device => IsNamed(device)).Select(device => device.Text("source")!).ToArray();
        var reserved = definition.Map("deploy")?.Map("resources")?.Map("reservations")?.Items("devices") ?? [];
        var requests = definition.Items("gpus").Concat(reserved).OfType<ComposeMap>().Select(Request);
        IEnumerable<JsonObject> byName = named.Length == 0 ? [] : [Json.Object(("Driver", "cdi"), ("DeviceIDs", Json.List(named)))];
        return Json.Object(
            ("Devices", Json.Items(devices.Where(device => !IsNamed(device)).Select(device => Json.Object(
                ("PathOnHost", Json.Text(device, "source")),
                ("PathInContainer", Json.Text(device, "target") ?? Json.Text(device, "source")),
                ("CgroupPermissions", Json.Text(device, "permissions") ?? "rwm"))))),
            ("DeviceRequests", Json.Items(requests.Concat(byName))),
            ("DeviceCgroupRules", Json.Texts(definition, "device_cgroup_rules")));
    }

    // Of the Container Device Interface: vendor.com/class=name.
    private static bool IsNamed(ComposeMap device) => device.Text("source") is { } source && !source.StartsWith('/');

    private static JsonObject Request(ComposeMap device)
    {
        var ids = device.Texts("device_ids");
        var capabilities = device.Texts("capabilities");
        JsonNode? count = device.Text("count") is not { } text ? (ids.Count > 0 ? null : -1)
            : text == "all" ? -1
            : Json.Number(device, "count");
        return Json.Object(
            ("Driver", Json.Text(device, "driver")),
            ("Count", count),
            ("DeviceIDs", Json.List(ids)),
            ("Capabilities", new JsonArray(Json.List(capabilities.Count > 0 ? capabilities : ["gpu"]))),
            ("Options", Json.Pairs(device, "options")));
    }
}
