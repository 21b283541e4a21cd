using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Registries;

/// <summary>The nodes from which somebody may look into registries.</summary>
public sealed class RegistryNodes(IFleet fleet, IAuthorizer authorizer)
{
    /// <summary>Those that are online, by name.</summary>
    public async Task<IReadOnlyList<NodeState>> ListAsync(ClaimsPrincipal user)
    {
        var access = await authorizer.ReadAccessAsync(user, CancellationToken.None);
        return [.. fleet.Current.Nodes.Values
            .Where(node => node.Presence == NodePresence.Online)
            .Where(node => access.Allows(PermissionNames.RegistriesView, AccessScope.Node(node.Id)))
            .OrderBy(node => node.Name, StringComparer.OrdinalIgnoreCase)];
    }
}
