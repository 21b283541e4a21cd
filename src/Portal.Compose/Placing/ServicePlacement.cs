using System.Globalization;
using Portal.Compose.Model;
using Portal.Compose.Nodes;
using Portal.Compose.Planning;

namespace Portal.Compose.Placing;

/// <summary>What a service says of where its replicas are to be.</summary>
/// <param name="IsGlobal">One on each node that fits, however many these are.</param>
/// <param name="MostPerNode">How many a node may have.</param>
/// <param name="Spread">Keys of labels, the most important first: replicas are spread evenly over their values.</param>
/// <param name="Data">Names of volumes that are on one node alone.</param>
/// <param name="IsBound">It has data of its node: it is never moved by itself.</param>
/// <param name="Ports">Of the node alone, as <c>8080/tcp</c>: two replicas that publish the same can't share a node.</param>
public sealed record ServicePlacement(
    bool IsGlobal,
    IReadOnlyList<PlacementConstraint> Constraints,
    int MostPerNode,
    IReadOnlyList<string> Spread,
    IReadOnlyList<string> Data,
    bool IsBound,
    IReadOnlyList<string> Ports)
{
    private const string Labels = "node.labels.";

    /// <summary>Whether another node may take its replicas without loss of data.</summary>
    public bool IsSpreadable => !IsGlobal && !IsBound;

    public static ServicePlacement Of(ComposeProject project, ComposeService service)
    {
        var deploy = service.Definition.Map("deploy");
        var placement = deploy?.Map("placement");
        var most = int.Parse(placement?.Text("max_replicas_per_node") ?? "0", CultureInfo.InvariantCulture);
        var mounts = service.Definition.Items("volumes").OfType<ComposeMap>().ToArray();
        string[] data = [.. mounts.Where(mount => mount.Text("type") == "volume").Select(mount => mount.Text("source")).OfType<string>()
            .Select(key => project.Volumes.FirstOrDefault(volume => volume.Key == key)).OfType<ComposeResource>()
            .Where(IsLocal).Select(volume => volume.Name).Distinct()];
        var hasOwn = mounts.Any(mount => mount.Text("type") switch
        {
            "bind" => mount.Text("source") is { } source && !ProjectBinds.IsOfProject(source),
            "volume" => mount.Text("source") is null,
            _ => false,
        });
        return new ServicePlacement(
            deploy?.Text("mode") == "global",
            [.. (placement?.Texts("constraints") ?? []).Select(PlacementConstraint.Parse)],
            most == 0 ? int.MaxValue : most,
            [.. (placement?.Items("preferences") ?? []).OfType<ComposeMap>()
                .Select(preference => preference.Text("spread")).OfType<string>()
                .Select(key => key.StartsWith(Labels, StringComparison.Ordinal) ? key[Labels.Length..] : key)],
            data,
            data.Length > 0 || hasOwn,
            [.. service.Ports.Where(port => !port.IsIngress && port.Published.Length > 0)
                .Where(port => !port.Published.Contains('-', StringComparison.Ordinal))
                .Select(port => $"{port.Published}/{port.Protocol}").Distinct()]);
    }

    /// <summary>The services whose containers its own must be beside.</summary>
    internal static IEnumerable<string> BesideOf(ComposeService service) => ProjectPlanner.SharedWith(service);

    // What the driver fetches over the network is the same on every node.
    private static bool IsLocal(ComposeResource volume) =>
        volume.Definition.Text("driver") is null or "local"
        && volume.Definition.Map("driver_opts")?.Text("type") is not ("nfs" or "nfs4" or "cifs");
}
