using Portal.Compose.Model;
using Portal.Compose.Nodes;
using Portal.Compose.Placing;

namespace Portal.Web.Features.Deployments.Spreading;

/// <summary>The part of a project that is placed on one node.</summary>
internal static class NodeProject
{
    public static ComposeProject Of(ComposeProject project, StackPlacement placement, Guid node)
    {
        var services = project.Services.Where(service => placement.On(node, service.Name).Count > 0)
            .Select(service => service with { Replicas = placement.On(node, service.Name).Count }).ToArray();
        var networks = services.SelectMany(service => service.Networks).Select(network => network.Key).ToHashSet();
        var volumes = services.SelectMany(service => service.Definition.Items("volumes").OfType<ComposeMap>())
            .Where(mount => mount.Text("type") == "volume").Select(mount => mount.Text("source")).OfType<string>().ToHashSet();
        return project with
        {
            Services = services,
            Networks = [.. project.Networks.Where(network => networks.Contains(network.Key))],
            Volumes = [.. project.Volumes.Where(volume => volumes.Contains(volume.Key))],
        };
    }
}
