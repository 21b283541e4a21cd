using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Portal.Engine.Networks.Addresses;

/// <summary>An IPv4 subnet: an address whose host bits are zero, and how many bits of it are the network's (RFC 4632).</summary>
public readonly record struct Ipv4Subnet
{
    private readonly uint _network;

    /// <summary>The subnet that an address lies in.</summary>
    /// <param name="address">Any IPv4 address of the subnet.</param>
    /// <param name="prefixLength">Bits of the prefix, 0 to 32.</param>
    /// <exception cref="ArgumentException">The address is not IPv4, or the prefix is out of range.</exception>
    public Ipv4Subnet(IPAddress address, int prefixLength)
        : this(ToNumber(address), prefixLength)
    {
    }

    internal Ipv4Subnet(uint address, int prefixLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(prefixLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(prefixLength, 32);
        PrefixLength = prefixLength;
        _network = address & MaskOf(prefixLength);
    }

    /// <summary>Bits of the prefix, 0 to 32.</summary>
    public int PrefixLength { get; }

    /// <summary>The subnet's first address.</summary>
    public IPAddress Network => ToAddress(_network);

    /// <summary>How many addresses there are, the first and the last included.</summary>
    public long Size => 1L << (32 - PrefixLength);

    /// <summary>Reads CIDR notation such as <c>172.17.0.0/16</c>; host bits that are set are refused.</summary>
    public static bool TryParse(string? text, out Ipv4Subnet subnet)
    {
        subnet = default;
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash < 0
            || !TryParseAddress(text![..slash], out var address)
            || !int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var prefixLength)
            || prefixLength > 32)
        {
            return false;
        }

        subnet = new Ipv4Subnet(address, prefixLength);
        return subnet.Network.Equals(address);
    }

    /// <summary>
    /// Reads four decimal numbers with dots and nothing else. <see cref="IPAddress.Parse(string)"/> also takes <c>1</c>,
    /// <c>0x7f.1</c> and octal numbers, which a user does not mean and a filter does not expect.
    /// </summary>
    public static bool TryParseAddress(string? text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        if (text is null
            || text.Length > 15
            || !IPAddress.TryParse(text, out var parsed)
            || parsed.AddressFamily != AddressFamily.InterNetwork
            || parsed.ToString() != text)
        {
            return false;
        }

        address = parsed;
        return true;
    }

    /// <summary>The address at a distance from the first one.</summary>
    /// <param name="index">0 for the subnet's own address, up to <see cref="Size"/> - 1 for the broadcast address.</param>
    public IPAddress AddressAt(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Size);
        return ToAddress(_network + (uint)index);
    }

    /// <summary>The distance of an address from the first one, or -1 when it lies outside.</summary>
    public long IndexOf(IPAddress address)
    {
        return Contains(address) ? ToNumber(address) - _network : -1;
    }

    /// <summary>True when the IPv4 address lies in the subnet.</summary>
    public bool Contains(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.AddressFamily == AddressFamily.InterNetwork && (ToNumber(address) & MaskOf(PrefixLength)) == _network;
    }

    /// <summary>True when the two share an address.</summary>
    public bool Overlaps(Ipv4Subnet other)
    {
        var mask = MaskOf(Math.Min(PrefixLength, other.PrefixLength));
        return (_network & mask) == (other._network & mask);
    }

    /// <summary>CIDR notation.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Network}/{PrefixLength}");

    private static uint MaskOf(int prefixLength) => prefixLength == 0 ? 0 : uint.MaxValue << (32 - prefixLength);

    private static uint ToNumber(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[4];
        if (address.AddressFamily != AddressFamily.InterNetwork || !address.TryWriteBytes(bytes, out _))
        {
            throw new ArgumentException($"'{address}' is not an IPv4 address.", nameof(address));
        }

        return System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    private static IPAddress ToAddress(uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes);
    }
}
