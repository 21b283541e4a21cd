using System.Net;
using Portal.Engine.Hosting;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Networks.Links;
using Portal.Engine.Linux.Networks.Namespaces;

namespace Portal.Engine.Linux.Tests.Networks;

/// <summary>Another machine: a namespace with a cable to this one, in the range for benchmarks (198.18.0.0/15, RFC 2544).</summary>
internal sealed class OutsideHost : IAsyncDisposable
{
    private const string Id = "outside";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-outside-");
    private readonly LinuxNetworkNamespaces _namespaces;
    private readonly string _link = "t" + Random.Shared.Next(0x1000000).ToString("x6") + "out";

    private OutsideHost()
    {
        var number = Random.Shared.Next(0x4000) << 2;
        HostAddress = new IPAddress([198, 18, (byte)(number >> 8), (byte)(number | 1)]);
        Address = new IPAddress([198, 18, (byte)(number >> 8), (byte)(number | 2)]);
        _namespaces = new LinuxNetworkNamespaces(new EngineOptions { Name = "t", DataRoot = _folder.FullName, RunRoot = _folder.FullName });
        NamespacePath = _namespaces.Create(Id);
        using var routes = RouteSocket.Open();
        using (var handle = NamespaceCalls.Open(NamespacePath))
        {
            var pair = new VethPair(_link, 0, "eth0", [2, 0, 198, 18, (byte)(number >> 8), (byte)(number | 2)], 1500);
            routes.AddVeth(pair, (int)handle.DangerousGetHandle());
        }

        var broadcast = new IPAddress([198, 18, (byte)(number >> 8), (byte)(number | 3)]);
        routes.AddAddress(routes.GetLink(_link).Index, HostAddress, 30, broadcast);
        using var inside = NamespaceThread.Run(NamespacePath, RouteSocket.Open);
        var link = inside.GetLink("eth0");
        inside.AddAddress(link.Index, Address, 30, broadcast);
        inside.SetUp(link.Index);
        inside.AddDefaultRoute(HostAddress, link.Index);
    }

    /// <summary>This machine's address on the cable.</summary>
    public IPAddress HostAddress { get; }

    /// <summary>The other machine's address.</summary>
    public IPAddress Address { get; }

    public string NamespacePath { get; }

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
