using System.Text.Json.Nodes;
using Portal.Compose.Model;
using Portal.Compose.Nodes;
using Portal.Compose.Planning;

namespace Portal.Compose.Docker;

/// <summary>The networks of a service's container, and the names that it has there.</summary>
internal static class Endpoints
{
    // What a container answers behind ports of every node: the engine's word for it.
    private const string Ingress = "portal.ingress";

    public static JsonObject? Of(ComposeProject project, ComposeService service)
    {
        if (service.Networks.Count == 0)
        {
            return null;
        }

        var endpoints = new JsonObject();
        foreach (var (key, settings) in Ordered(service))
        {
            endpoints[NameOf(project, key)] = Endpoint(project, service, settings, key == service.IngressNetwork);
        }

        return Json.Object(("EndpointsConfig", endpoints));
    }

    /// <summary>The network that a container begins with; the others follow it.</summary>
    public static string? First(ComposeProject project, ComposeService service) =>
        service.Networks.Count > 0 ? NameOf(project, Ordered(service).First().Key) : null;

    /// <summary>Keys of networks, the first one first.</summary>
    internal static IEnumerable<KeyValuePair<string, ComposeMap?>> Ordered(ComposeService service) =>
        service.Networks.OrderByDescending(network => Json.Number(network.Value, "priority")?.GetValue<long>() ?? 0);

    private static string NameOf(ComposeProject project, string key) => project.Networks.First(network => network.Key == key).Name;

    private static JsonObject Endpoint(ComposeProject project, ComposeService service, ComposeMap? settings, bool isIngress)
    {
        var none = new ComposeMap([], service.Definition.Mark);
        var own = settings ?? none;
        var addresses = Json.Object(
            ("IPv4Address", Json.Text(own, "ipv4_address")),
            ("IPv6Address", Json.Text(own, "ipv6_address")),
            ("LinkLocalIPs", Json.Texts(own, "link_local_ips")));
        var options = own.Pairs("driver_opts");
        if (isIngress)
        {
            options = options.Where(option => option.Key != Ingress).Append(KeyValuePair.Create(Ingress, (string?)Leads(service)));
        }

        return Json.Object(
            ("Aliases", Json.List([service.Name, .. own.Texts("aliases")])),
            ("Links", Json.List(Links(project, service))),
            ("IPAMConfig", addresses.Count > 0 ? addresses : null),
            ("MacAddress", Json.Text(own, "mac_address")),
            ("DriverOpts", Json.Pairs(options)),
            ("GwPriority", Json.Number(own, "gw_priority")));
    }

    private static string Leads(ComposeService service) => string.Join(
        ',', service.Ports.Where(port => port.IsIngress).Select(port => $"{port.Published}:{port.Target}/{port.Protocol}"));

    // Services know each other by their names anyway; a link gives one a further name.
    private static IEnumerable<string> Links(ComposeProject project, ComposeService service) =>
        from link in service.Definition.Texts("links")
        let parts = link.Split(':', 2)
        where parts.Length == 2 && parts[0] != parts[1]
        from other in project.Services
        where other.Name == parts[0]
        select $"{ProjectPlanner.NameOf(project, other, 1)}:{parts[1]}";
}
