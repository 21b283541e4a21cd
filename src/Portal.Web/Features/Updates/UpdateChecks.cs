using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Features.Updates.Checking;
using Portal.Web.Features.Webhooks.Work;

namespace Portal.Web.Features.Updates;

/// <summary>Looks for newer images at a person's word.</summary>
/// <remarks>Singleton; any thread. Checks the grant.</remarks>
public sealed class UpdateChecks
{
    private readonly ImageCheckStore _store;
    private readonly IAuthorizer _authorizer;

    internal UpdateChecks(ImageCheckStore store, IAuthorizer authorizer) => (_store, _authorizer) = (store, authorizer);

    /// <summary>Has the registry of a container's image asked soon.</summary>
    /// <returns>False when it was asked within the last minute, wants to be left alone, or there is nothing to ask for.</returns>
    /// <exception cref="AccessDeniedException">Who may not pull on the node makes it ask no registry either.</exception>
    public async Task<bool> HurryAsync(ClaimsPrincipal user, Guid nodeId, string image, CancellationToken cancellationToken)
    {
        await _authorizer.EnsureAsync(user, PermissionNames.ImagesPull, AccessScope.Node(nodeId), cancellationToken);
        var name = StackImage.Parse(image);
        return name.Tag.Length > 0 && await _store.HurryAsync(new WantedTag(name, []).Image, cancellationToken);
    }
}
