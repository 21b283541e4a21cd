using Portal.Contracts.Consoles.V1;

namespace Portal.Agent.Consoles;

/// <summary>What a console is, from its beginning on.</summary>
/// <param name="Id">32 hexadecimal digits.</param>
/// <param name="Kind">What runs in it.</param>
/// <param name="Container">The container's full id; empty on the node itself.</param>
/// <param name="User">Empty for the container's.</param>
/// <param name="OwnerId">The owner's id at the portal.</param>
/// <param name="Owner">The owner's name.</param>
/// <param name="Keep">It runs on when nobody looks at it.</param>
/// <param name="Idle">How long it may be idle.</param>
internal sealed record ConsoleDescription(
    string Id, ConsoleKind Kind, string Container, string User, string OwnerId, string Owner, bool Keep, TimeSpan Idle)
{
    /// <summary>True when it may go on without this agent: what runs in a container does, and a shell on the node is the agent's child.</summary>
    public bool IsLasting => Keep && Kind != ConsoleKind.Node;
}
