using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Portal.Engine.Errors;
using Portal.Engine.Networks.Addresses;

namespace Portal.Engine.Networks.State;

/// <summary>Makes a definition of a request, or says what is wrong with it, in Docker's words where Docker has some.</summary>
internal static partial class NetworkPlanner
{
    private const string BridgeName = "com.docker.network.bridge.name";
    private const string InterContainer = "com.docker.network.bridge.enable_icc";
    private const string Masquerade = "com.docker.network.bridge.enable_ip_masquerade";
    private const string Mtu = "com.docker.network.driver.mtu";
    private const int InterfaceNameLength = 15;

    /// <param name="request">What was asked for.</param>
    /// <param name="instance">The instance's name, which a bridge's name begins with unless the user gave it one.</param>
    /// <param name="created">Now.</param>
    public static NetworkDefinition Plan(NetworkRequest request, string instance, DateTimeOffset created)
    {
        Check(request);
        var range = request.Subnets.FirstOrDefault() ?? new NetworkSubnet();
        CheckAddresses(range);
        var id = RandomNumberGenerator.GetHexString(64, lowercase: true);
        var prefix = instance + "b";
        return new NetworkDefinition
        {
            Id = id,
            Name = request.Name,
            Driver = NetworkCatalog.BridgeDriver,
            Created = created,
            InterfaceName = request.Options.GetValueOrDefault(BridgeName) ?? prefix + id[..(InterfaceNameLength - prefix.Length)],
            Subnet = range.Subnet,
            Gateway = range.Subnet.Length == 0 || range.Gateway.Length > 0 ? range.Gateway : First(range.Subnet),
            IpRange = range.IpRange,
            IsSubnetFixed = range.Subnet.Length > 0,
            IsInternal = request.IsInternal,
            IsAttachable = request.IsAttachable,
            IsolatesContainers = !Flag(request, InterContainer),
            KeepsSource = !Flag(request, Masquerade),
            Mtu = request.Options.TryGetValue(Mtu, out var mtu) ? int.Parse(mtu, CultureInfo.InvariantCulture) : 0,
            Options = request.Options,
            Labels = request.Labels,
        };
    }

    private static void Check(NetworkRequest request)
    {
        Require(NetworkName().IsMatch(request.Name), $"invalid network name \"{request.Name}\": only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
        if (request.Driver is not ("" or NetworkCatalog.BridgeDriver))
        {
            throw request.Driver is NetworkCatalog.HostDriver or NetworkCatalog.NullDriver
                ? new EngineException(EngineErrorKind.Forbidden, $"only one instance of \"{request.Driver}\" network is allowed")
                : EngineException.NotFound($"could not find plugin {request.Driver}: this engine has the driver 'bridge' alone");
        }

        Require(request is { EnableIpv4: true, EnableIpv6: not true }, "IPv6 (--ipv6): not available in this engine yet");
        Require(
            request is { IsConfigOnly: false, ConfigFrom.Length: 0 }, "config-only networks: not available in this engine yet");
        Require(request.Subnets.Count <= 1, "more than one subnet a network: not available in this engine yet");
        foreach (var (name, value) in request.Options)
        {
            Require(IsFine(name, value), $"invalid value or unknown option of the bridge driver: {name}={value}");
        }
    }

    private static void CheckAddresses(NetworkSubnet range)
    {
        Require(range.AuxiliaryAddresses.Count == 0, "auxiliary addresses (--aux-address): not available in this engine yet");
        if (range.Subnet.Length == 0)
        {
            Require(range.Gateway.Length == 0 && range.IpRange.Length == 0, "invalid network config: a gateway or ip-range needs a subnet");
            return;
        }

        Require(Ipv4Subnet.TryParse(range.Subnet, out var subnet), $"invalid network config: invalid subnet {range.Subnet}");
        Require(subnet.PrefixLength is >= 16 and <= 29, $"invalid network config: subnet {range.Subnet} must be a /16 to a /29");
        if (range.Gateway.Length > 0)
        {
            var fits = Ipv4Subnet.TryParseAddress(range.Gateway, out var gateway)
                && subnet.IndexOf(gateway) > 0 && subnet.IndexOf(gateway) < subnet.Size - 1;
            Require(fits, $"invalid network config: gateway {range.Gateway} is no host address of subnet {range.Subnet}");
        }

        if (range.IpRange.Length > 0)
        {
            var fits = Ipv4Subnet.TryParse(range.IpRange, out var part)
                && subnet.Overlaps(part)
                && part.PrefixLength >= subnet.PrefixLength;
            Require(fits, $"invalid network config: ip-range {range.IpRange} is not within subnet {range.Subnet}");
        }
    }

    private static bool IsFine(string name, string value)
    {
        return name switch
        {
            BridgeName => LinkName().IsMatch(value),
            InterContainer or Masquerade => bool.TryParse(value, out _),
            Mtu => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var mtu) && mtu is >= 68 and <= 65535,
            _ => false,
        };
    }

    private static bool Flag(NetworkRequest request, string name)
    {
        return !request.Options.TryGetValue(name, out var value) || bool.Parse(value);
    }

    private static string First(string subnet)
    {
        return Ipv4Subnet.TryParse(subnet, out var parsed) ? parsed.AddressAt(1).ToString() : "";
    }

    private static void Require(bool fine, string problem)
    {
        if (!fine)
        {
            throw EngineException.InvalidArgument(problem);
        }
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}\z")]
    private static partial Regex NetworkName();

    [GeneratedRegex(@"\A[a-zA-Z][a-zA-Z0-9_-]{0,14}\z")]
    private static partial Regex LinkName();
}
