using System.Net;
using Portal.Engine.Hosting;
using Portal.Engine.Linux.Networks.Firewall;
using Portal.Engine.Linux.Networks.Host;
using Portal.Engine.Linux.Networks.Links;
using Portal.Engine.Linux.Networks.Namespaces;
using Portal.Engine.Networks;
using Portal.Engine.Networks.Addresses;
using Portal.Engine.Networks.Drivers;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Networks.Others;

/// <summary>
/// Three machines in namespaces of their own: a host with this project's rules, a container on its bridge that publishes port 8080 as 80,
/// and a neighbour by which the host's default route goes. Others' rules go into the host, never into this machine.
/// </summary>
internal sealed class FilteredHost : IAsyncDisposable
{
    private const string Uplink = "up0";
    private static readonly IPAddress s_host = IPAddress.Parse("198.18.7.1");
    private static readonly IPAddress s_neighbour = IPAddress.Parse("198.18.7.2");
    private static readonly IPAddress s_host6 = IPAddress.Parse("fd99:7::1");
    private static readonly IPAddress s_neighbour6 = IPAddress.Parse("fd99:7::2");
    private static readonly TimeSpan s_soon = TimeSpan.FromMilliseconds(400);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-filtered-");
    private readonly LinuxNetworkNamespaces _namespaces;
    private readonly string _host;
    private readonly string _container;
    private readonly string _neighbour;
    private readonly List<EchoServer> _servers = [];

    private FilteredHost()
    {
        var options = new EngineOptions { Name = "filtered", DataRoot = _folder.FullName, RunRoot = _folder.FullName };
        Log = new RecordingLogger<NftablesFirewall>();
        Firewall = new NftablesFirewall(options, Log);
        _namespaces = new LinuxNetworkNamespaces(options);
        _host = _namespaces.Create("host");
        _container = _namespaces.Create("container");
        _neighbour = _namespaces.Create("neighbour");
    }

    public NftablesFirewall Firewall { get; }

    public RecordingLogger<NftablesFirewall> Log { get; }

    public static async Task<FilteredHost> StartAsync()
    {
        var host = new FilteredHost();
        try
        {
            await host.WireAsync();
            host.Apply();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>What the engine says of others' filters.</summary>
    public IReadOnlyList<string> Warnings() => Firewall.Read();

    /// <summary>Runs a program on the host.</summary>
    public Task<string> RunAsync(params string[] command) => Tool.RunAsync("nsenter", [$"--net={_host}", .. command]);

    /// <summary>Runs a program in the container.</summary>
    public Task<string> InContainerAsync(params string[] command) => Tool.RunAsync("nsenter", [$"--net={_container}", .. command]);

    /// <summary>Gives rules to a program on the host that reads a file.</summary>
    public async Task LoadAsync(string rules, params string[] program)
    {
        var file = Path.Combine(_folder.FullName, "rules");
        await File.WriteAllTextAsync(file, rules);
        await RunAsync([.. program, file]);
    }

    /// <summary>Does what a warning says, word for word.</summary>
    /// <param name="warning">One of <see cref="Warnings"/>.</param>
    /// <param name="run">What runs the commands; the host unless given.</param>
    public async Task ObeyAsync(string warning, Func<string[], Task<string>>? run = null)
    {
        const string Before = "Let it through: ";
        var commands = warning[(warning.IndexOf(Before, StringComparison.Ordinal) + Before.Length)..];
        foreach (var command in commands.Split(" && "))
        {
            await (run ?? RunAsync)(command.Split(' '));
        }
    }

    /// <summary>The host's own namespace.</summary>
    public string HostPath => _host;

    /// <summary>The container's namespace.</summary>
    public string ContainerPath => _container;

    /// <summary>Has packets within bridges pass the filters or not; false where the kernel has no such setting now.</summary>
    public bool FilterBridged(bool isOn)
    {
        const string setting = "net/bridge/bridge-nf-call-ip6tables";
        return NamespaceThread.Run(_host, () =>
        {
            var isKnown = Sysctl.Read(setting) is not null;
            Sysctl.SetWhereKnown(setting, isOn ? "1" : "0");
            return isKnown && isOn;
        });
    }

    /// <summary>Does the container reach the neighbour?</summary>
    /// <param name="isIpv6">By which family.</param>
    /// <param name="isHoped">False not to wait long for what should not come.</param>
    public async Task<bool> GoesOutAsync(bool isIpv6 = false, bool isHoped = true) =>
        await EchoClient.TcpAsync(_container, isIpv6 ? s_neighbour6 : s_neighbour, 7, isHoped ? null : s_soon) is not null;

    /// <summary>Does the neighbour reach the published port, and keeps its address?</summary>
    /// <param name="isIpv6">By which family.</param>
    /// <param name="isHoped">False not to wait long for what should not come.</param>
    public async Task<bool> ComesInAsync(bool isIpv6 = false, bool isHoped = true) =>
        await EchoClient.TcpAsync(_neighbour, isIpv6 ? s_host6 : s_host, 8080, isHoped ? null : s_soon)
            == (isIpv6 ? s_neighbour6 : s_neighbour).ToString();

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            server.Dispose();
        }

        await Firewall.DisposeAsync();
        foreach (var id in _namespaces.List())
        {
            _namespaces.Remove(id);
        }

        _folder.Delete(recursive: true);
    }

    /// <summary>Does the container get answers from the host's name server, at port 53 of its gateway?</summary>
    public async Task<bool> IsAnsweredAsync(bool isHoped = true) =>
        await EchoClient.UdpAsync(_container, IPAddress.Parse("10.9.0.1"), 53, isHoped ? null : s_soon) is not null;

    /// <summary>From now on the bridge is one whose containers ask the host.</summary>
    public void HaveItAsked()
    {
        _servers.Add(EchoServer.Udp(_host, 53));
        Apply(isAsked: true);
    }

    /// <summary>Writes the engine's rules anew.</summary>
    public void Apply(bool isAsked = false)
    {
        var network = new FirewallNetwork("filtered0")
        {
            IsAsked = isAsked,
            Ipv4 = new FirewallSubnet(new IpSubnet(IPAddress.Parse("10.9.0.0"), 24)) { IsHidden = true },
            Ipv6 = new FirewallSubnet(new IpSubnet(IPAddress.Parse("fd00:9::"), 64)) { IsHidden = true },
        };
        PublishedPort[] ports =
        [
            new(PortProtocol.Tcp, IPAddress.Any, 8080, IPAddress.Parse("10.9.0.2"), 80),
            new(PortProtocol.Tcp, IPAddress.IPv6Any, 8080, IPAddress.Parse("fd00:9::2"), 80),
            new(PortProtocol.Tcp, IPAddress.IPv6Loopback, 8081, IPAddress.Parse("fd00:9::2"), 80),
            new(PortProtocol.Udp, IPAddress.IPv6Loopback, 8081, IPAddress.Parse("fd00:9::2"), 80),
        ];
        NamespaceThread.Run(_host, () =>
        {
            Firewall.Apply(new FirewallPlan([network], ports));
            return 0;
        });
    }

    private async Task WireAsync()
    {
        await RunAsync("ip", "link", "add", "filtered0", "type", "bridge");
        await RunAsync(
            "ip", "link", "add", "filteredv1", "master", "filtered0", "type", "veth", "peer", "name", "eth0", "netns", _container);
        await RunAsync("ip", "link", "add", Uplink, "type", "veth", "peer", "name", "eth0", "netns", _neighbour);
        await AddressAsync(_host, "filtered0", "10.9.0.1/24", "fd00:9::1/64");
        await AddressAsync(_host, Uplink, "198.18.7.1/24", "fd99:7::1/64");
        await AddressAsync(_container, "eth0", "10.9.0.2/24", "fd00:9::2/64");
        await AddressAsync(_neighbour, "eth0", "198.18.7.2/24", "fd99:7::2/64");
        await RunAsync("ip", "link", "set", "filteredv1", "up");
        NamespaceThread.Run(_host, () =>
        {
            using var routes = RouteSocket.Open();
            routes.AddLoopbackRoute(routes.GetLink("filtered0").Index);
            routes.AddLoopbackRoute(routes.GetLink("filtered0").Index);
            return 0;
        });
        await RouteAsync(_container, "10.9.0.1", "fd00:9::1");
        await RouteAsync(_host, "198.18.7.2", "fd99:7::2");
        await RunAsync("sysctl", "-q", "-w", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
        foreach (var isIpv6 in new[] { false, true })
        {
            _servers.Add(EchoServer.Tcp(_neighbour, 7, isIpv6));
            _servers.Add(EchoServer.Tcp(_container, 80, isIpv6));
            _servers.Add(EchoServer.Udp(_container, 80, isIpv6));
        }
    }

    private static async Task AddressAsync(string path, string link, string address, string address6)
    {
        await Tool.RunAsync("nsenter", $"--net={path}", "sysctl", "-q", "-w", $"net.ipv6.conf.{link}.disable_ipv6=0");
        await Tool.RunAsync("nsenter", $"--net={path}", "ip", "address", "add", address, "dev", link);
        await Tool.RunAsync("nsenter", $"--net={path}", "ip", "address", "add", address6, "dev", link, "nodad");
        await Tool.RunAsync("nsenter", $"--net={path}", "ip", "link", "set", link, "up");
    }

    private static async Task RouteAsync(string path, string gateway, string gateway6)
    {
        await Tool.RunAsync("nsenter", $"--net={path}", "ip", "route", "add", "default", "via", gateway);
        await Tool.RunAsync("nsenter", $"--net={path}", "ip", "route", "add", "default", "via", gateway6);
    }
}
