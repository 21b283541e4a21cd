using Grpc.Core;
using Portal.Contracts.Permissions;
using Portal.Contracts.Registries.V1;
using Portal.Web.Access;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Features.Registries.Storage;
using Portal.Web.Features.Stacks;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Registries;

/// <summary>Asks registries about tags, by way of a node that pulls from them.</summary>
/// <remarks>Singleton; any thread. Who calls this has checked that the node may get the portal's login, as for a pull there.</remarks>
internal sealed class RegistryTags(INodeClients clients, IRegistryCredentials credentials)
{
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
                : throw new StackException(T("The registry of {0} asks to come less often.", image));
        }
        catch (RpcException failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new StackException(
                T("{0}, by way of '{1}': {2}", image, nodeName, NodeCallException.From(failure, nodeName).Message), failure);
        }
    }
}
