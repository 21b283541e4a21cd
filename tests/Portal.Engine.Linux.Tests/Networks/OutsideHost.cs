using System.Net;
using Portal.Engine.Hosting;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Networks.Host;
using Portal.Engine.Linux.Networks.Links;
using Portal.Engine.Linux.Networks.Namespaces;

namespace Portal.Engine.Linux.Tests.Networks;

/// <summary>Another machine: a namespace with a cable to this one, in the range for benchmarks (198.18.0.0/15, RFC 2544).</summary>
internal sealed class OutsideHost : IAsyncDisposable
{
    private const string Id = "outside";
    private const int Cables = 0x4000;

    // A cable each, one after the other from anywhere: those of tests that run beside each other must not be the same.
    private static int s_last = Random.Shared.Next(Cables);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-outside-");
    private readonly LinuxNetworkNamespaces _namespaces;
    private readonly string _link = "t" + Random.Shared.Next(0x1000000).ToString("x6") + "out";

    private OutsideHost()
    {
        var number = Interlocked.Increment(ref s_last) % Cables << 2;
        HostAddress = new IPAddress([198, 18, (byte)(number >> 8), (byte)(number | 1)]);
        Address = new IPAddress([198, 18, (byte)(number >> 8), (byte)(number | 2)]);
        byte[] six = [0xFD, 0x99, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte)(number >> 16), (byte)(number >> 8), (byte)(number | 1)];
        HostAddress6 = new IPAddress(six);
        six[^1] = (byte)(number | 2);
        Address6 = new IPAddress(six);
        _namespaces = new LinuxNetworkNamespaces(new EngineOptions { Name = "t", DataRoot = _folder.FullName, RunRoot = _folder.FullName });
        NamespacePath = _namespaces.Create(Id);
        using var routes = RouteSocket.Open();
        using (var handle = NamespaceCalls.Open(NamespacePath))
        {
            var pair = new VethPair(_link, 0, "eth0", [2, 0, 198, 18, (byte)(number >> 8), (byte)(number | 2)], 1500);
            routes.AddVeth(pair, (int)handle.DangerousGetHandle());
        }

        var index = routes.GetLink(_link).Index;
        routes.AddAddress(index, HostAddress, 30);
        routes.AddAddress(index, HostAddress6, 126);
        using var inside = NamespaceThread.Run(NamespacePath, () =>
        {
            Sysctl.Set("net/ipv6/conf/eth0/disable_ipv6", "0");
            return RouteSocket.Open();
        });
        var link = inside.GetLink("eth0");
        inside.AddAddress(link.Index, Address, 30);
        inside.AddAddress(link.Index, Address6, 126);
        inside.SetUp(link.Index);
        inside.AddDefaultRoute(HostAddress, link.Index);
        inside.AddDefaultRoute(HostAddress6, link.Index);
    }

    /// <summary>This machine's address on the cable.</summary>
    public IPAddress HostAddress { get; }

    /// <summary>The other machine's address.</summary>
    public IPAddress Address { get; }

    /// <summary>This machine's IPv6 address on the cable.</summary>
    public IPAddress HostAddress6 { get; }

    /// <summary>The other machine's IPv6 address.</summary>
    public IPAddress Address6 { get; }

    public string NamespacePath { get; }

    /// <summary>This machine's end of the cable; the other's is <c>eth0</c>.</summary>
    public string Link => _link;

    public static OutsideHost Start() => new();

    public ValueTask DisposeAsync()
    {
        using (var routes = RouteSocket.Open())
        {
            routes.Delete(_link);
        }

        _namespaces.Remove(Id);
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
