namespace Portal.Engine.Networks.State;

/// <summary>What the host is to the containers of a bridge, in one family: Docker's <c>gateway_mode</c>.</summary>
public enum GatewayMode
{
    /// <summary>Packets out carry the host's address, published ports come in by it, nothing else comes in.</summary>
    Nat = 0,

    /// <summary>Packets keep their addresses; published ports are open at the container's own address, others are not.</summary>
    Routed,

    /// <summary>No address on the bridge at all; for internal networks.</summary>
    Isolated,

    /// <summary>As <see cref="Nat"/>, but whoever routes to a container reaches every port of it.</summary>
    NatUnprotected,
}
