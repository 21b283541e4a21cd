using System.Net;
using Portal.Engine.Errors;

namespace Portal.Engine.Networks.Addresses;

/// <summary>
/// Chooses a subnet that nothing on the host uses: 172.17.0.0/16 to 172.31.0.0/16 as Docker does, then 10.0.0.0/16 to
/// 10.255.0.0/16, then 256 smaller ones of 192.168.0.0/16.
/// </summary>
internal static class SubnetChooser
{
    /// <param name="used">What the host reaches or has now.</param>
    /// <exception cref="EngineException">Unavailable: all are used.</exception>
    public static IpSubnet Choose(IReadOnlyCollection<IpSubnet> used)
    {
        foreach (var candidate in Candidates())
        {
            if (IsFree(candidate, used))
            {
                return candidate;
            }
        }

        throw new EngineException(
            EngineErrorKind.Unavailable,
            "could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network: "
            + "every private range is routed by this host.");
    }

    /// <summary>True when a subnet shares no address with those in use. A default route (prefix 0) is no use of an address.</summary>
    public static bool IsFree(IpSubnet subnet, IReadOnlyCollection<IpSubnet> used)
    {
        foreach (var other in used)
        {
            // VPNs split the default route in two halves (0.0.0.0/1, 128.0.0.0/1); neither means that every address is taken.
            if (other.PrefixLength > 1 && other.Overlaps(subnet))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Chooses a /64 of the unique local addresses (RFC 4193) under the 40 bits that are this engine's own, as Docker does.
    /// </summary>
    /// <param name="globalId">Five bytes, the same at each call of one engine.</param>
    /// <param name="used">What the host reaches or has now.</param>
    /// <exception cref="EngineException">Unavailable: all are used.</exception>
    public static IpSubnet ChooseIpv6(ReadOnlySpan<byte> globalId, IReadOnlyCollection<IpSubnet> used)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        bytes[0] = 0xFD;
        globalId[..5].CopyTo(bytes[1..]);
        for (var subnetId = 0; subnetId <= ushort.MaxValue; subnetId++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], (ushort)subnetId);
            var candidate = new IpSubnet(new IPAddress(bytes), 64);
            if (IsFree(candidate, used))
            {
                return candidate;
            }
        }

        throw new EngineException(
            EngineErrorKind.Unavailable,
            "could not find an available, non-overlapping IPv6 address pool among the defaults to assign to the network: "
            + "all 65,536 of this engine are in use.");
    }

    private static IEnumerable<IpSubnet> Candidates()
    {
        for (byte second = 17; second <= 31; second++)
        {
            yield return new IpSubnet(new IPAddress([172, second, 0, 0]), 16);
        }

        for (var second = 0; second <= 255; second++)
        {
            yield return new IpSubnet(new IPAddress([10, (byte)second, 0, 0]), 16);
        }

        for (var third = 0; third <= 255; third++)
        {
            yield return new IpSubnet(new IPAddress([192, 168, (byte)third, 0]), 24);
        }
    }
}
