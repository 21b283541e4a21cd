using Portal.Compose.Model;
using Portal.Data.Entities.Deployments;
using Portal.Web.Access;
using Portal.Web.Features.Deployments.Applying;
using Portal.Web.Features.Deployments.Node;
using Portal.Web.Features.Deployments.Running;
using Portal.Web.Features.Registries;
using Portal.Web.Features.Stacks;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Deployments.Holding;

/// <summary>Finds which images a deployment would run with now, so that others can be shown exactly what they approve.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class ImagePinner(
    DeploymentStore store, DeploymentPeople people, StackSecrets secrets, INodeClients clients, RegistryTags tags, IFleet fleet)
{
    /// <summary>By the service: see <see cref="PinnedImage"/>.</summary>
    /// <exception cref="StackException">Not all of them can be found now.</exception>
    public async Task<IReadOnlyDictionary<string, string>> FindAsync(Deployment row, CancellationToken cancellationToken)
    {
        var found = await store.FindAsync(row.StackId, row.Revision, cancellationToken)
            ?? throw new StackException(E("There is no revision {0} of the stack any more.", row.Revision));
        try
        {
            var (project, _) = DeploymentProject.Load(found.Stack, found.Revision, found.Files, secrets);
            var (id, name) = NodeOf(row);
            var rights = await people.RightsAsync(row, id, [found.Revision], cancellationToken);
            var node = new NodeDocker(clients, id, name, Actor.Portal, rights);
            var policy = Enum.Parse<PullPolicy>(row.PullPolicy);
            var pins = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var group in project.Services.GroupBy(service => service.Image))
            {
                var pin = await FindAsync(node, group.Key, [.. group], policy, row.EnvironmentId is not null, cancellationToken);
                foreach (var service in group)
                {
                    pins[service.Name] = pin;
                }
            }

            return pins;
        }
        catch (Exception failure) when (failure is DeploymentRefusedException or NodeAwayException or NodeRefusalException)
        {
            throw new StackException(failure.Message, failure);
        }
    }

    // Of a stack over several nodes any that is there.
    private (Guid Id, string Name) NodeOf(Deployment row) => row.EnvironmentId is not { } environment ? (row.NodeId, row.NodeName)
        : fleet.Current.Nodes.Values.Where(node => node.Environment?.Id == environment && node.Presence == NodePresence.Online)
            .OrderBy(node => node.Name, StringComparer.Ordinal).Select(node => (node.Id, node.Name)).FirstOrDefault() is { Id: var id } one
            && id != Guid.Empty ? one : throw new StackException(E("No node of '{0}' answers.", row.NodeName));

    // As the deployment would: what is on the node, unless the registry is to be asked.
    private async Task<string> FindAsync(
        NodeDocker node, string image, IReadOnlyList<ComposeService> users, PullPolicy policy, bool isSpread,
        CancellationToken cancellationToken)
    {
        // An id is of one node; a digest holds on all.
        var isPulled = isSpread || users.Any(user => ImageFetcher.IsAlways(user, policy));
        if (!isPulled && await ImageFetcher.FindIdAsync(node, image, cancellationToken) is { } id)
        {
            return id;
        }

        if (users.FirstOrDefault(user => user.Definition.Text("pull_policy") is "never" or "build" || user.IsBuilt) is { } local)
        {
            throw new StackException(
                E("services.{0}: the image '{1}' is not on '{2}', and is not to be pulled.", local.Name, image, node.NodeName));
        }

        return PinnedImage.IsFixed(image)
            ? image : PinnedImage.Of(image, await tags.ResolveAsync(node.NodeId, node.NodeName, image, cancellationToken));
    }
}
