using System.Net;

namespace Portal.Engine.Networks.Dns;

/// <summary>The addresses of one name on one network, of each container that has it.</summary>
internal sealed record NameEntry(IPAddress[] Ipv4, IPAddress[] Ipv6)
{
    public static readonly NameEntry Nobody = new([], []);

    /// <summary>The two together, as a container on both networks sees it.</summary>
    public NameEntry With(NameEntry other) => new([.. Ipv4, .. other.Ipv4], [.. Ipv6, .. other.Ipv6]);
}
