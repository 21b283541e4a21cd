using Portal.Engine.Networks;

namespace Portal.Engine.Containers.Networking;

/// <summary>A network and the containers on it.</summary>
/// <param name="Network">The network.</param>
/// <param name="Members">Running containers first, then by name.</param>
public sealed record NetworkListing(NetworkSummary Network, IReadOnlyList<NetworkMember> Members)
{
    /// <summary>True when a running container is on it.</summary>
    public bool IsInUse => Members.Any(member => member.Endpoint is not null);

    /// <summary>True when it was made by a user and no running container is on it.</summary>
    public bool IsDangling => !Network.IsPredefined && !IsInUse;
}
