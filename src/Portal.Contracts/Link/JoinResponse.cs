namespace Portal.Contracts.Link;

/// <summary>The portal's answer to a join.</summary>
/// <param name="NodeId">The node's id, which the agent proves itself with from now on.</param>
/// <param name="NodeName">The node's name.</param>
public sealed record JoinResponse(Guid NodeId, string NodeName)
{
    /// <summary>True when an administrator has to accept the host before it can link.</summary>
    public bool Waiting { get; init; }
}
