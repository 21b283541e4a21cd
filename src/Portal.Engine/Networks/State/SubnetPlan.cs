using Portal.Engine.Errors;
using Portal.Engine.Networks.Addresses;

namespace Portal.Engine.Networks.State;

/// <summary>The address ranges of a request, checked and told apart by family.</summary>
/// <param name="V4">IPv4; null when the engine is to choose.</param>
/// <param name="V6">IPv6; null when the engine is to choose, or when there is none.</param>
internal sealed record SubnetPlan(NetworkSubnet? V4, NetworkSubnet? V6)
{
    /// <summary>Addresses of both that are kept for others.</summary>
    public IReadOnlyDictionary<string, string> Auxiliary { get; private init; } = new Dictionary<string, string>();

    /// <exception cref="EngineException">InvalidArgument, in Docker's words where it has some.</exception>
    public static SubnetPlan Of(IReadOnlyList<NetworkSubnet> subnets)
    {
        NetworkSubnet? v4 = null;
        NetworkSubnet? v6 = null;
        var auxiliary = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var asked in subnets)
        {
            if (asked.Subnet.Length == 0)
            {
                var isBare = asked is { Gateway.Length: 0, IpRange.Length: 0, AuxiliaryAddresses.Count: 0 };
                Require(isBare, "invalid network config: a gateway, ip-range or aux-address needs a subnet");
                continue;
            }

            Require(IpSubnet.TryParse(asked.Subnet, out var subnet), $"invalid network config: invalid subnet {asked.Subnet}");
            var isOne = subnet.IsIpv6 ? v6 is null : v4 is null;
            Require(isOne, $"invalid network config: a network can have one {(subnet.IsIpv6 ? "IPv6" : "IPv4")} subnet");
            var whole = Check(asked, subnet);
            (v4, v6) = subnet.IsIpv6 ? (v4, whole) : (whole, v6);
            foreach (var (name, address) in asked.AuxiliaryAddresses)
            {
                auxiliary[name] = address;
            }
        }

        return new SubnetPlan(v4, v6) { Auxiliary = auxiliary };
    }

    /// <summary>Checks one, writes addresses in one way, and names its gateway.</summary>
    private static NetworkSubnet Check(NetworkSubnet asked, IpSubnet subnet)
    {
        var (shortest, longest) = subnet.IsIpv6 ? (8, 126) : (8, 30);
        Require(
            subnet.PrefixLength >= shortest && subnet.PrefixLength <= longest,
            $"invalid network config: subnet {asked.Subnet} must be a /{shortest} to a /{longest}");
        var gateway = subnet.AddressAt(1);
        if (asked.Gateway.Length > 0)
        {
            Require(
                IsHost(subnet, asked.Gateway, out gateway),
                $"invalid network config: gateway {asked.Gateway} is no host address of subnet {asked.Subnet}");
        }

        if (asked.IpRange.Length > 0)
        {
            var fits = IpSubnet.TryParse(asked.IpRange, out var range)
                && subnet.Overlaps(range)
                && range.PrefixLength >= subnet.PrefixLength;
            Require(fits, $"invalid network config: ip-range {asked.IpRange} is not within subnet {asked.Subnet}");
        }

        foreach (var (name, address) in asked.AuxiliaryAddresses)
        {
            Require(
                IsHost(subnet, address, out _),
                $"invalid network config: auxiliary address {name}={address} is no host address of subnet {asked.Subnet}");
        }

        return asked with { Subnet = subnet.ToString(), Gateway = gateway.ToString() };
    }

    private static bool IsHost(IpSubnet subnet, string text, out System.Net.IPAddress address)
    {
        var isOne = IpSubnet.TryParseAddress(text, out var parsed)
            && subnet.IndexOf(parsed) is { } index
            && index > 0
            && (subnet.IsIpv6 || index < subnet.LastIndex);
        address = parsed ?? System.Net.IPAddress.None;
        return isOne;
    }

    private static void Require(bool fine, string problem)
    {
        if (!fine)
        {
            throw EngineException.InvalidArgument(problem);
        }
    }
}
