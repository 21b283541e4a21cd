using System.Text.Json;
using Portal.Compose.Model;
using Portal.Compose.Placing;
using Portal.Data.Entities.Deployments;
using Portal.Data.Entities.Stacks;
using Portal.Web.Features.Deployments.Applying;
using Portal.Web.Features.Deployments.Node;
using Portal.Web.Features.Deployments.Running;
using Portal.Web.Features.Stacks.Files;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Deployments.Spreading;

/// <summary>What a deployment over several nodes does beyond one on a node: it finds where replicas are to be, and gets images there.</summary>
internal sealed class SpreadRun(
    DeploymentTools tools, Deployment claim, DeploymentJournal journal, DeploymentTarget target, ComposeProject project,
    Stack stack)
{
    private readonly HashSet<string> _told = [];

    /// <summary>All that stands against it, as sentences.</summary>
    public async Task<IReadOnlyList<string>> CheckAsync(StackFileSet files, CancellationToken cancellationToken)
    {
        var (placed, situations) = await FindAsync(cancellationToken);
        var networks = await tools.Networks.FindAsync(stack.Id, cancellationToken);
        IReadOnlyList<string> problems =
        [
            .. SpreadChecks.Find(project, stack.Id, files, target, placed, situations, networks),
            .. await IngressChecks.FindAsync(project, target, situations, networks, cancellationToken),
        ];
        return problems.Count > 0 ? problems : await UnsignedAsync(placed.Placement, cancellationToken);
    }

    /// <summary>Decides where replicas are to be, and writes it down: of what is not there yet nothing else tells.</summary>
    /// <exception cref="Node.DeploymentRefusedException">There is no place for all of them.</exception>
    public async Task PlaceAsync(CancellationToken cancellationToken)
    {
        var (placed, _) = await FindAsync(cancellationToken);
        if (placed.Problems.Count > 0)
        {
            throw new Node.DeploymentRefusedException(string.Join(' ', placed.Problems));
        }

        foreach (var note in placed.Notes.Where(_told.Add))
        {
            await journal.WriteAsync(note, false, cancellationToken);
        }

        target.Placement = placed.Placement;
        await tools.Store.PlaceAsync(claim, placed.Placement, cancellationToken);
    }

    /// <summary>Images to take as they are: what only moves keeps those that it ran with.</summary>
    public async Task<IReadOnlyDictionary<string, string>> KnownAsync(CancellationToken cancellationToken) =>
        claim.Cause == nameof(DeploymentCause.Placement)
            ? await tools.Store.ImagesOfAsync(claim.StackId, claim.Revision, cancellationToken) : new Dictionary<string, string>();

    /// <summary>Gets the images to the nodes that are to have replicas, and writes down which they are.</summary>
    public async Task FetchAsync(PullPolicy policy, IReadOnlyDictionary<string, string> known, CancellationToken cancellationToken)
    {
        var pins = DeploymentStore.ReadImages(claim.Pins);
        claim.Images = JsonSerializer.Serialize(await ImagesAsync(policy, known, pins, cancellationToken));
        await tools.Store.PlaceAsync(claim, target.Placement, cancellationToken);
    }

    /// <summary>Finds places for a revision to go back to, and its images; what the deployment itself had is not written over.</summary>
    public async Task<IReadOnlyDictionary<string, string>> PlaceBackAsync(
        IReadOnlyDictionary<string, string> known, CancellationToken cancellationToken)
    {
        await PlaceAsync(cancellationToken);
        return await ImagesAsync(PullPolicy.Missing, known, new Dictionary<string, string>(), cancellationToken);
    }

    /// <summary>Says which nodes are left out.</summary>
    public static async Task TellLostAsync(DeploymentJournal journal, DeploymentTarget target, CancellationToken cancellationToken)
    {
        foreach (var node in target.Nodes.Where(node => target.IsLost(node.Id)))
        {
            await journal.WriteAsync(E("'{0}' is lost: what may run there is left as it is.", node.Name), true, cancellationToken);
        }
    }

    /// <summary>Of a stack that is removed: its networks, and where it was.</summary>
    public static async Task ForgetAsync(DeploymentTools tools, Deployment claim, CancellationToken cancellationToken)
    {
        var networks = await tools.Networks.FindAsync(claim.StackId, cancellationToken);
        foreach (var network in networks.Own)
        {
            await tools.Networks.RemoveAsync(claim.StackId, network, cancellationToken);
        }

        await tools.Store.PlaceAsync(claim, StackPlacement.None, cancellationToken);
    }

    private async Task<IReadOnlyList<string>> UnsignedAsync(StackPlacement placement, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        foreach (var node in target.Reachable)
        {
            var own = NodeProject.Of(project, placement, node.Id);
            problems.AddRange(await DeploymentSignatures.FindAsync(
                node.Docker, own, node.Rights.Policies, tools.Registries, Enum.Parse<PullPolicy>(claim.PullPolicy),
                DeploymentStore.ReadImages(claim.Pins), cancellationToken));
        }

        return [.. problems.Distinct()];
    }

    // What one node has of a service the others get too, by its digest: a tag may be moved between two pulls.
    private async Task<Dictionary<string, string>> ImagesAsync(
        PullPolicy policy, IReadOnlyDictionary<string, string> known, IReadOnlyDictionary<string, string> pins,
        CancellationToken cancellationToken)
    {
        var images = new Dictionary<string, string>(StringComparer.Ordinal);
        var digests = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var node in target.Reachable.OrderByDescending(node => NodeImages.On(known, node.Id).Count))
        {
            var own = NodeProject.Of(project, target.Placement, node.Id);
            var here = NodeImages.On(known, node.Id);
            var others = digests.Where(digest => !here.ContainsKey(digest.Key) && !pins.ContainsKey(digest.Key));
            var fetcher = new ImageFetcher(node.Docker, tools.Registries, journal, policy)
            {
                Pins = pins.Concat(others).ToDictionary(pin => pin.Key, pin => pin.Value),
            };
            var found = await fetcher.RunAsync(own, here, cancellationToken);
            foreach (var (key, id) in NodeImages.Keyed(found, node.Id))
            {
                images[key] = id;
            }

            foreach (var service in own.Services.Where(service => !digests.ContainsKey(service.Name)))
            {
                if (await ImageFetcher.FindDigestAsync(node.Docker, found[service.Name], service.Image, cancellationToken) is { } digest)
                {
                    digests[service.Name] = digest;
                }
            }
        }

        return images;
    }

    private async Task<(PlacementResult Placed, IReadOnlyDictionary<Guid, NodeSituation> Situations)> FindAsync(
        CancellationToken cancellationToken)
    {
        var situations = new Dictionary<Guid, NodeSituation>();
        foreach (var node in target.Reachable)
        {
            situations[node.Id] = await NodeSituation.ReadAsync(node.Docker, cancellationToken);
        }

        var fleet = tools.Fleet.Current.Nodes;
        var nodes = target.Nodes.Select(node => fleet.GetValueOrDefault(node.Id)).OfType<NodeState>();
        return (StackPlacing.Place(project, target.Placement, nodes, situations, node => target.IsLost(node.Id)), situations);
    }
}
