using System.Globalization;
using System.Text.RegularExpressions;
using Portal.Engine.Errors;
using Portal.Engine.Networks.Addresses;

namespace Portal.Engine.Networks.State;

/// <summary>
/// A network's options in a form to work with: those of Docker's bridge, macvlan and ipvlan drivers. An option that is not known is
/// refused: a setting that is quietly not kept is worse than an error.
/// </summary>
public sealed partial record NetworkOptions
{
    private const string Bridge = "com.docker.network.bridge.";
    private const string Unset = "";

    /// <summary>Where Docker shows the number of an overlay network.</summary>
    public const string OverlayNumber = "com.docker.network.driver.overlay.vxlanid_list";

    /// <summary>The bridge's name on the host, chosen by the user; empty to have one made.</summary>
    public string BridgeName { get; init; } = Unset;

    /// <summary>True when its containers must not reach each other.</summary>
    public bool IsolatesContainers { get; init; }

    /// <summary>True when packets leave the host with the containers' own addresses.</summary>
    public bool KeepsSource { get; init; }

    /// <summary>Largest packet in bytes; 0 to take that of the host's default route, or the parent's.</summary>
    public int Mtu { get; init; }

    /// <summary>What interfaces inside are called before their number.</summary>
    public string InterfacePrefix { get; init; } = "eth";

    /// <summary>The host's address for ports that are published without one; empty for all.</summary>
    public string HostBinding { get; init; } = Unset;

    /// <summary>What the host is to IPv4.</summary>
    public GatewayMode Mode4 { get; init; }

    /// <summary>What the host is to IPv6.</summary>
    public GatewayMode Mode6 { get; init; }

    /// <summary>True when the bridge shall not have the IPv4 gateway's address, which some other machine has.</summary>
    public bool InhibitsGateway { get; init; }

    /// <summary>The host's interface below a macvlan or ipvlan, <c>eth0</c> or <c>eth0.10</c>; empty for none.</summary>
    public string Parent { get; init; } = Unset;

    /// <summary>Mode of a macvlan or ipvlan, in Docker's words; empty for the driver's default.</summary>
    public string Mode { get; init; } = Unset;

    /// <summary>Which endpoints of an ipvlan reach each other: <c>bridge</c>, <c>private</c>, <c>vepa</c>; empty for the first.</summary>
    public string IpvlanFlag { get; init; } = Unset;

    /// <summary>Reads options.</summary>
    /// <param name="driver">Whose.</param>
    /// <param name="options">By name.</param>
    /// <exception cref="EngineException">InvalidArgument: unknown to the driver, or no fit value; all of them at once.</exception>
    public static NetworkOptions Parse(string driver, IReadOnlyDictionary<string, string> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var read = new NetworkOptions();
        var problems = new List<string>();
        foreach (var (name, value) in options)
        {
            if ((Common(read, name, value) ?? OfDriver(driver, read, name, value)) is { } next)
            {
                read = next;
            }
            else
            {
                problems.Add($"{name}={value}");
            }
        }

        return problems.Count == 0
            ? read
            : throw EngineException.InvalidArgument(
                $"invalid value or unknown option of the {driver} driver: {string.Join(", ", problems)}");
    }

    private static NetworkOptions? Common(NetworkOptions read, string name, string value) => name switch
    {
        "com.docker.network.driver.mtu" or "mtu" => ReadMtu(value) is { } mtu ? read with { Mtu = mtu } : null,
        "com.docker.network.container_iface_prefix" or "com.docker.network.container_interface_prefix" =>
            InterfaceName().IsMatch(value) && value.Length <= 10 ? read with { InterfacePrefix = value } : null,

        // What these say the request's own fields say too; newer clients send both.
        "com.docker.network.enable_ipv4" or "com.docker.network.enable_ipv6" => bool.TryParse(value, out _) ? read : null,
        _ => null,
    };

    private static NetworkOptions? OfDriver(string driver, NetworkOptions read, string name, string value) => driver switch
    {
        NetworkCatalog.BridgeDriver => OfBridge(read, name, value),
        NetworkCatalog.MacvlanDriver => OfMacvlan(read, name, value),
        NetworkCatalog.IpvlanDriver => OfIpvlan(read, name, value),
        NetworkCatalog.OverlayDriver => OfOverlay(read, name, value),
        _ => null,
    };

    private static NetworkOptions? OfBridge(NetworkOptions read, string name, string value) => name switch
    {
        Bridge + "name" => InterfaceName().IsMatch(value) ? read with { BridgeName = value } : null,
        Bridge + "enable_icc" => bool.TryParse(value, out var flag) ? read with { IsolatesContainers = !flag } : null,
        Bridge + "enable_ip_masquerade" => bool.TryParse(value, out var flag) ? read with { KeepsSource = !flag } : null,
        Bridge + "inhibit_ipv4" => bool.TryParse(value, out var flag) ? read with { InhibitsGateway = flag } : null,
        Bridge + "host_binding_ipv4" =>
            IpSubnet.TryParseAddress(value, out _) ? read with { HostBinding = value == "0.0.0.0" ? "" : value } : null,
        Bridge + "gateway_mode_ipv4" => ReadGatewayMode(value) is { } mode ? read with { Mode4 = mode } : null,
        Bridge + "gateway_mode_ipv6" => ReadGatewayMode(value) is { } mode ? read with { Mode6 = mode } : null,
        _ => null,
    };

    private static NetworkOptions? OfMacvlan(NetworkOptions read, string name, string value) => name switch
    {
        "parent" => ParentName().IsMatch(value) ? read with { Parent = value } : null,
        "macvlan_mode" => value is "bridge" or "private" or "vepa" or "passthru" ? read with { Mode = value } : null,
        _ => null,
    };

    private static NetworkOptions? OfIpvlan(NetworkOptions read, string name, string value) => name switch
    {
        "parent" => ParentName().IsMatch(value) ? read with { Parent = value } : null,
        "ipvlan_mode" => value is "l2" or "l3" or "l3s" ? read with { Mode = value } : null,
        "ipvlan_flag" => value is "bridge" or "private" or "vepa" ? read with { IpvlanFlag = value } : null,
        _ => null,
    };

    /// <summary>The number, in Docker's words; what counts is that of the network's place.</summary>
    private static NetworkOptions? OfOverlay(NetworkOptions read, string name, string value) =>
        name == OverlayNumber && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? read : null;

    private static int? ReadMtu(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var mtu) && mtu is 0 or (>= 68 and <= 65535) ? mtu : null;

    private static GatewayMode? ReadGatewayMode(string value) => value switch
    {
        "nat" or "" => GatewayMode.Nat,
        "routed" => GatewayMode.Routed,
        "isolated" => GatewayMode.Isolated,
        "nat-unprotected" => GatewayMode.NatUnprotected,
        _ => null,
    };

    [GeneratedRegex(@"\A[a-zA-Z][a-zA-Z0-9_-]{0,14}\z")]
    private static partial Regex InterfaceName();

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9_.:-]{0,14}\z")]
    private static partial Regex ParentName();
}
