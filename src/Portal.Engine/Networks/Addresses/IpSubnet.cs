using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Portal.Engine.Networks.Addresses;

/// <summary>
/// A subnet of IPv4 or IPv6: an address whose host bits are zero, and how many bits of it are the network's (RFC 4632, RFC 4291).
/// </summary>
public readonly record struct IpSubnet
{
    private readonly UInt128 _network;

    /// <summary>The subnet that an address lies in.</summary>
    /// <param name="address">Any address of the subnet.</param>
    /// <param name="prefixLength">Bits of the prefix, 0 to 32 or 128.</param>
    /// <exception cref="ArgumentException">The prefix is out of range.</exception>
    public IpSubnet(IPAddress address, int prefixLength)
    {
        ArgumentNullException.ThrowIfNull(address);
        IsIpv6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        ArgumentOutOfRangeException.ThrowIfNegative(prefixLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(prefixLength, IsIpv6 ? 128 : 32);
        PrefixLength = prefixLength;
        _network = ToNumber(address) & ~HostMask;
    }

    /// <summary>True for IPv6.</summary>
    public bool IsIpv6 { get; }

    /// <summary>Bits of the prefix, 0 to 32 for IPv4, 0 to 128 for IPv6.</summary>
    public int PrefixLength { get; }

    /// <summary>The subnet's first address.</summary>
    public IPAddress Network => ToAddress(_network);

    /// <summary>The subnet's last address, which in IPv4 is for broadcasts (RFC 919).</summary>
    public IPAddress Last => ToAddress(_network | HostMask);

    /// <summary>The last address's distance from the first one.</summary>
    public UInt128 LastIndex => HostMask;

    private int Width => IsIpv6 ? 128 : 32;

    // A shift by all of the bits is one by none, so a prefix of no bits is a case of its own.
    private UInt128 HostMask => PrefixLength == Width ? 0 : UInt128.MaxValue >> (128 - Width + PrefixLength);

    /// <summary>Reads CIDR notation such as <c>172.17.0.0/16</c> or <c>fd00:1::/64</c>; host bits that are set are refused.</summary>
    public static bool TryParse(string? text, out IpSubnet subnet)
    {
        subnet = default;
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash < 0
            || !TryParseAddress(text![..slash], out var address)
            || !int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var prefixLength)
            || prefixLength > (address.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32))
        {
            return false;
        }

        subnet = new IpSubnet(address, prefixLength);
        return subnet.Network.Equals(address);
    }

    /// <summary>
    /// Reads four decimal numbers with dots, or an IPv6 address without a zone and without brackets, and nothing else.
    /// <see cref="IPAddress.Parse(string)"/> also takes <c>1</c>, <c>0x7f.1</c> and octal numbers, which a user does not mean and a filter
    /// does not expect. An IPv4 address in IPv6's clothes (<c>::ffff:1.2.3.4</c>) is refused for the same reason.
    /// </summary>
    public static bool TryParseAddress(string? text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        if (text is null || text.Length > 45 || text.AsSpan().IndexOfAny('%', '[', ']') >= 0 || !IPAddress.TryParse(text, out var parsed))
        {
            return false;
        }

        if (parsed.AddressFamily == AddressFamily.InterNetwork ? parsed.ToString() != text : parsed.IsIPv4MappedToIPv6)
        {
            return false;
        }

        address = parsed;
        return true;
    }

    /// <summary>The address at a distance from the first one.</summary>
    /// <param name="index">0 for the subnet's own address, up to <see cref="LastIndex"/>.</param>
    public IPAddress AddressAt(UInt128 index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, LastIndex);
        return ToAddress(_network + index);
    }

    /// <summary>The distance of an address from the first one, or null when it lies outside.</summary>
    public UInt128? IndexOf(IPAddress address) => Contains(address) ? ToNumber(address) - _network : null;

    /// <summary>True when the address lies in the subnet.</summary>
    public bool Contains(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return (address.AddressFamily == AddressFamily.InterNetworkV6) == IsIpv6 && (ToNumber(address) & ~HostMask) == _network;
    }

    /// <summary>True when the two share an address.</summary>
    public bool Overlaps(IpSubnet other)
    {
        var larger = PrefixLength <= other.PrefixLength ? this : other;
        return IsIpv6 == other.IsIpv6 && (_network & ~larger.HostMask) == (other._network & ~larger.HostMask);
    }

    /// <summary>CIDR notation.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Network}/{PrefixLength}");

    private static UInt128 ToNumber(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private IPAddress ToAddress(UInt128 number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new IPAddress(IsIpv6 ? bytes : bytes[12..]);
    }
}
