using System.Net;

namespace Portal.Engine.Networks.Ingress;

/// <summary>A port of the host whose connections are spread over containers of this and other nodes.</summary>
/// <param name="Port">Which.</param>
/// <param name="Targets">Addresses on networks that span nodes, IPv4; at least one.</param>
public sealed record BalancedPort(IngressPort Port, IReadOnlyList<IPEndPoint> Targets)
{
    /// <inheritdoc />
    public bool Equals(BalancedPort? other) => other is not null && Port == other.Port && Targets.SequenceEqual(other.Targets);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Port, Targets.Count);
}
