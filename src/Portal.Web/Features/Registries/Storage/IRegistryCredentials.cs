using Portal.Contracts.Registries.V1;

namespace Portal.Web.Features.Registries.Storage;

/// <summary>The portal's own logins to registries, for calls to nodes that pull or push.</summary>
/// <remarks>Whoever asks has checked the permission to do so on the node. What is given goes into that one call and nowhere else: it is
/// neither kept, nor logged, nor shown.</remarks>
public interface IRegistryCredentials
{
    /// <summary>The login to the registry of an image's name, or null when the portal has none: then the call goes without.</summary>
    /// <param name="image">The name as users write it, such as <c>busybox</c> or <c>host:5000/team/app:1</c>.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Grpc.Core.RpcException">FAILED_PRECONDITION: there is a login, but it can't be decrypted. Told as a failure of the
    /// call that it was for, so that it is recorded and shown like one.</exception>
    Task<RegistryCredentials?> FindAsync(string image, CancellationToken cancellationToken);

    /// <summary>As <see cref="FindAsync(string, CancellationToken)"/>, for a node that gets it because a person wants something pulled or pushed
    /// there. That is remembered: see <see cref="FindKnownAsync"/>.</summary>
    Task<RegistryCredentials?> FindAsync(string image, Guid nodeId, CancellationToken cancellationToken);

    /// <summary>The login for what the portal asks by itself, by way of one of some nodes. Only one that was given it before gets it: a node must
    /// not get a login by telling that it has an image of that registry.</summary>
    /// <param name="host">See <see cref="RegistryHost"/>.</param>
    /// <param name="nodeIds">At least one.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The node to go by, and the login; null where there is none, or none of the nodes may have it.</returns>
    Task<(Guid NodeId, RegistryCredentials? Login)> FindKnownAsync(
        string host, IReadOnlyList<Guid> nodeIds, CancellationToken cancellationToken);

    /// <summary>As <see cref="FindAsync(string, CancellationToken)"/>, by the registry's address.</summary>
    /// <param name="host">See <see cref="RegistryHost"/>.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<RegistryCredentials?> FindByHostAsync(string host, CancellationToken cancellationToken);
}
