using Grpc.Core;
using Portal.Contracts.Permissions;
using Portal.Contracts.Registries.V1;
using Portal.Web.Access;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Features.Registries.Storage;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Webhooks.Work;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Registries;

/// <summary>Asks registries about tags, by way of a node that pulls from them.</summary>
/// <remarks>Singleton; any thread. Who calls this has checked that the node may get the portal's login, as for a pull there.</remarks>
internal sealed class RegistryTags(INodeClients clients, IRegistryCredentials credentials)
{
    /// <summary>As many of a repository as are read.</summary>
    public const int Most = 100_000;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(45);

    /// <summary>The digest that a tag stands for now; nothing is pulled.</summary>
    /// <exception cref="StackException">The registry or the node does not say.</exception>
    public async Task<string> ResolveAsync(Guid nodeId, string nodeName, string image, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            var login = await credentials.FindAsync(image, nodeId, cancellationToken);
            var request = new ResolveTagRequest { Image = image, Credentials = login };
            var invoker = clients.ForLooking(nodeId, Actor.Portal, PermissionNames.RegistriesView);
            var client = new RegistryService.RegistryServiceClient(invoker);
            var found = await client.ResolveTagAsync(request, cancellationToken: patience.Token);
            return found.Digest.Length > 0
                ? found.Digest
                : throw new StackException(E("The registry of {0} asks to come less often.", image));
        }
        catch (RpcException failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new StackException(
                E("{0}, by way of '{1}': {2:said}", image, nodeName, NodeCallException.From(failure, nodeName).Message), failure);
        }
    }

    /// <summary>All tags of an image's repository, by way of one of some nodes.</summary>
    /// <param name="nodes">At least one.</param>
    /// <param name="image">The image; its tag does not matter.</param>
    /// <param name="isAsked">
    /// Whether a person who may pull there wants it, as for <see cref="ResolveAsync"/>; otherwise a node gets no login that it was not given
    /// before.
    /// </param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="StackException">The registry or the node does not say, or there are more.</exception>
    public async Task<IReadOnlyList<string>> ListAsync(
        IReadOnlyList<NodeState> nodes, StackImage image, bool isAsked, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        var (name, node) = ($"{image.Registry}/{image.Repository}", nodes[0]);
        try
        {
            var (id, login) = isAsked
                ? (node.Id, await credentials.FindAsync(name, node.Id, cancellationToken))
                : await credentials.FindKnownAsync(image.Registry, [.. nodes.Select(one => one.Id)], cancellationToken);
            node = nodes.First(one => one.Id == id);
            var request = new ListTagsRequest { Host = image.Registry, Repository = image.Repository, Limit = Most, Credentials = login };
            var client = new RegistryService.RegistryServiceClient(clients.ForLooking(id, Actor.Portal, PermissionNames.RegistriesView));
            var list = await client.ListTagsAsync(request, cancellationToken: patience.Token);

            // The newest could be among those that were not read.
            return !list.Truncated ? list.Tags
                : throw new StackException(E("{0} has more tags than the {1} that '{2}' reads.", name, list.Tags.Count, node.Name));
        }
        catch (RpcException failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new StackException(
                E("The tags of {0}, by way of '{1}': {2:said}", name, node.Name, NodeCallException.From(failure, node.Name).Message), failure);
        }
    }
}
