using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Portal.Engine.Errors;
using Portal.Engine.Networks.Addresses;
using Portal.Engine.Networks.Overlay;

namespace Portal.Engine.Networks.State;

/// <summary>Makes a definition of a request, or says what is wrong with it, in Docker's words where Docker has some.</summary>
internal static partial class NetworkPlanner
{
    private const int InterfaceNameLength = 15;
    private static readonly string[] s_drivers =
    [
        NetworkCatalog.BridgeDriver, NetworkCatalog.MacvlanDriver, NetworkCatalog.IpvlanDriver, NetworkCatalog.OverlayDriver,
    ];

    /// <param name="request">What was asked for; nothing of it comes from another network any more.</param>
    /// <param name="instance">The instance's name, which a bridge's name begins with unless the user gave it one.</param>
    /// <param name="created">Now.</param>
    public static NetworkDefinition Plan(NetworkRequest request, string instance, DateTimeOffset created)
    {
        var driver = request.Driver.Length == 0 ? NetworkCatalog.BridgeDriver : request.Driver;
        Check(request, driver);
        var subnets = SubnetPlan.Of(request.Subnets);
        var hasIpv6 = request.EnableIpv6 ?? subnets.V6 is not null;
        Require(request.EnableIpv4 || hasIpv6, "IPv4 or IPv6 must be enabled");
        Require(hasIpv6 || subnets.V6 is null, "IPv6 subnet given, but IPv6 is not enabled (--ipv6)");
        Require(request.EnableIpv4 || subnets.V4 is null, "IPv4 subnet given, but IPv4 is not enabled");
        CheckPlace(request, driver, subnets, hasIpv6);
        var id = request.Overlay?.NetworkId ?? RandomNumberGenerator.GetHexString(64, lowercase: true);
        if (request.IsConfigOnly)
        {
            return ConfigOnly(request, id, created);
        }

        var options = NetworkOptions.Parse(driver, request.Options);
        CheckModes(options, request, driver);
        return new NetworkDefinition
        {
            Id = id,
            Name = request.Name,
            Driver = driver,
            Created = created,
            InterfaceName = InterfaceOf(driver, options, instance, id),
            HasIpv4 = request.EnableIpv4,
            HasIpv6 = hasIpv6,
            Subnet = subnets.V4?.Subnet ?? "",
            Gateway = subnets.V4?.Gateway ?? "",
            IpRange = subnets.V4?.IpRange ?? "",
            IsSubnetFixed = subnets.V4 is not null,
            Subnet6 = subnets.V6?.Subnet ?? "",
            Gateway6 = subnets.V6?.Gateway ?? "",
            IpRange6 = subnets.V6?.IpRange ?? "",
            IsSubnet6Fixed = subnets.V6 is not null,
            AuxiliaryAddresses = subnets.Auxiliary,
            IsInternal = request.IsInternal,
            IsAttachable = request.IsAttachable,
            IsolatesContainers = options.IsolatesContainers,
            KeepsSource = options.KeepsSource,
            Mtu = options.Mtu,
            ConfigFrom = request.ConfigFrom,
            Overlay = request.Overlay,
            Options = request.Options,
            Labels = request.Labels,
        };
    }

    private static NetworkDefinition ConfigOnly(NetworkRequest request, string id, DateTimeOffset created) => new()
    {
        Id = id,
        Name = request.Name,
        Driver = NetworkCatalog.NullDriver,
        Created = created,
        HasIpv4 = request.EnableIpv4,
        HasIpv6 = request.EnableIpv6 ?? request.Subnets.Any(subnet => subnet.Subnet.Contains(':', StringComparison.Ordinal)),
        IsConfigOnly = true,
        ConfiguredSubnets = request.Subnets,
        IsInternal = request.IsInternal,
        IsAttachable = request.IsAttachable,
        Options = request.Options,
        Labels = request.Labels,
    };

    private static string InterfaceOf(string driver, NetworkOptions options, string instance, string id)
    {
        if (driver is not (NetworkCatalog.BridgeDriver or NetworkCatalog.OverlayDriver))
        {
            // Without a parent there is a link of our own in its place, as in Docker: containers reach each other and nothing else.
            return options.Parent.Length > 0 ? options.Parent : Own(instance + "m");
        }

        return options.BridgeName.Length > 0 ? options.BridgeName : Own(instance + "b");

        string Own(string prefix) => prefix + id[..(InterfaceNameLength - prefix.Length)];
    }

    private static void Check(NetworkRequest request, string driver)
    {
        Require(
            NetworkName().IsMatch(request.Name),
            $"invalid network name \"{request.Name}\": only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
        if (!s_drivers.Contains(driver))
        {
            throw driver is NetworkCatalog.HostDriver or NetworkCatalog.NullDriver
                ? new EngineException(EngineErrorKind.Forbidden, $"only one instance of \"{driver}\" network is allowed")
                : EngineException.NotFound(
                    $"could not find plugin {driver}: this engine has the drivers {string.Join(", ", s_drivers)}");
        }
    }

    private static void CheckModes(NetworkOptions options, NetworkRequest request, string driver)
    {
        var isIsolated = options.Mode4 == GatewayMode.Isolated || options.Mode6 == GatewayMode.Isolated;
        Require(!isIsolated || request.IsInternal, "gateway mode 'isolated' can only be used for an internal network");
        Require(
            driver is NetworkCatalog.BridgeDriver or NetworkCatalog.OverlayDriver || options.Parent.Length == 0 || !request.IsInternal,
            $"an internal {driver} network has no parent: leave out --internal or -o parent");
        Require(
            !options.Mode.Equals("passthru", StringComparison.Ordinal) || options.Parent.Length > 0,
            "macvlan_mode=passthru hands the parent to one container and needs -o parent");
    }

    /// <summary>What spans nodes is for somebody to decide who knows them all.</summary>
    private static void CheckPlace(NetworkRequest request, string driver, SubnetPlan subnets, bool hasIpv6)
    {
        if (driver != NetworkCatalog.OverlayDriver)
        {
            Require(request.Overlay is null, $"a network of driver {driver} has no place among nodes");
            return;
        }

        if (request.Overlay is not { } place)
        {
            throw new EngineException(
                EngineErrorKind.Unavailable,
                $"network {request.Name} can't be made here: an overlay network spans nodes, and the portal makes it on each of them. "
                + "Make it there (POST /api/v1/overlay-networks), or use driver bridge for this node alone");
        }

        Require(NetworkId().IsMatch(place.NetworkId), $"invalid network id \"{place.NetworkId}\": 64 hexadecimal digits are needed");
        Require(
            place.Vni is > 0 and <= OverlayPlace.LargestVni, $"network number {place.Vni} is not one from 1 to {OverlayPlace.LargestVni}");
        Require(place.Port is > 0 and < 65536, $"port {place.Port} is not one from 1 to 65535");
        Require(
            IpSubnet.TryParseAddress(place.NodeAddress, out var node) && node.AddressFamily == AddressFamily.InterNetwork,
            $"\"{place.NodeAddress}\" is no IPv4 address of this node");
        Require(!hasIpv6 && request.EnableIpv4, "an overlay network has IPv4 addresses alone");
        Require(!request.IsConfigOnly, "an overlay network can't hold settings alone");
        Require(
            subnets.V4 is { IpRange.Length: > 0 } part
                && IpSubnet.TryParse(part.IpRange, out var range)
                && IpSubnet.TryParseAddress(part.Gateway, out var gateway)
                && range.Contains(gateway),
            "an overlay network needs a subnet and the part of it that is this node's, with the gateway in it");
    }

    private static void Require(bool fine, string problem)
    {
        if (!fine)
        {
            throw EngineException.InvalidArgument(problem);
        }
    }

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex NetworkId();

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}\z")]
    private static partial Regex NetworkName();
}
