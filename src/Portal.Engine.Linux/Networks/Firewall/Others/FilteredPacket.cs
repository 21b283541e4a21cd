using System.Net;

namespace Portal.Engine.Linux.Networks.Firewall.Others;

/// <summary>
/// A packet of which is known where it comes in, where it leaves, and that it begins a flow; of a query also what is in it.
/// </summary>
/// <param name="From">The interface on which it comes in.</param>
/// <param name="To">The interface by which it would leave; empty when it is for the host.</param>
/// <param name="IsTranslated">True when its destination was translated, as that of a published port is.</param>
/// <param name="IsIpv6">Its family.</param>
internal readonly record struct FilteredPacket(string From, string To, bool IsTranslated, bool IsIpv6)
{
    private const byte Udp = 17;
    private const int NameServerPort = 53;

    /// <summary>Who asks the host's name server by UDP; null when this is another packet.</summary>
    public IPAddress? Asker { get; init; }

    /// <summary>True when it is a query to the host's name server.</summary>
    public bool IsQuery => Asker is not null;

    /// <summary>The transport protocol's number; null when it may be any.</summary>
    public byte? Protocol => IsQuery ? Udp : null;

    /// <summary>The port that it goes to; null when it may be any.</summary>
    public int? Port => IsQuery ? NameServerPort : null;

    /// <summary>Bytes of a header (nft_payload_bases: 1 network, 2 transport); null when any of them is not known.</summary>
    public byte[]? Header(int header, Range bytes)
    {
        var known = new byte?[header == 1 && IsIpv6 ? 40 : 20];
        if (!IsQuery || bytes.End.Value > known.Length)
        {
            return null;
        }

        switch (header)
        {
            case 1:
                var address = Asker!.GetAddressBytes();
                known[IsIpv6 ? 6 : 9] = Protocol;
                Array.Copy(Array.ConvertAll(address, part => (byte?)part), 0, known, IsIpv6 ? 8 : 12, address.Length);
                break;
            case 2:
                (known[2], known[3]) = (NameServerPort >> 8, NameServerPort & 0xFF);
                break;
        }

        var asked = known[bytes];
        return Array.TrueForAll(asked, part => part is not null) ? Array.ConvertAll(asked, part => part!.Value) : null;
    }
}
