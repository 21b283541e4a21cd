namespace Portal.Compose.Model;

/// <summary>A port of a service.</summary>
/// <param name="HostIp">Empty for every address.</param>
/// <param name="Published">A port of the host, a range from which one is taken, or empty for any.</param>
/// <param name="Target">The container's.</param>
/// <param name="Protocol">tcp, udp or sctp.</param>
public sealed record ServicePort(string HostIp, string Published, int Target, string Protocol)
{
    /// <value>Every node answers at it, and leads to some replica; otherwise the node alone that the container is on.</value>
    public bool IsIngress { get; init; }

    /// <summary>That of the host, as people write it: <c>8080/tcp</c>.</summary>
    public override string ToString() => $"{Published}/{Protocol}";
}
