using Portal.Engine.Networks.State;

namespace Portal.Engine.Tests.Networks;

/// <summary>Files that an engine wrote before networks had as much as today: an agent is upgraded while containers run.</summary>
public sealed class OlderStateTests : IDisposable
{
    private const string Id = "0775056b6e7e53b00780baad39e7d91e03288ffb0a40c5676e5470bfb729058f";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-older-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Load_NetworkWithoutNewerMembers_HasTheirDefaults()
    {
        Write("""
            { "id": "0775", "name": "bridge", "driver": "bridge", "created": "2026-01-01T00:00:00+00:00", "interfaceName": "p0",
              "subnet": "172.18.0.0/16", "gateway": "172.18.0.1", "isSubnetFixed": true }
            """);
        var folder = new StateFolder<NetworkDefinition>(
            _folder.FullName, durable: false, NetworkJsonContext.Default.NetworkDefinition, new PlainFiles(),
            new NetworkDefinition { Id = "", Name = "", Driver = "", Created = default });

        var network = folder.Load()[Id]!;

        Assert.Equal(("172.18.0.0/16", true), (network.Subnet, network.IsSubnetFixed));
        Assert.True(network.HasIpv4);
        Assert.Equal(("", ""), (network.Subnet6, network.Gateway6));
        Assert.Empty(network.AuxiliaryAddresses);
        Assert.Empty(network.Labels);
    }

    [Fact]
    public void Load_SandboxWithoutNewerMembers_HasTheirDefaultsInItsListsToo()
    {
        Write("""
            { "request": { "containerId": "c", "containerName": "n", "mode": "bridge", "ports": [ { "containerPort": 80 } ] },
              "sandbox": { "containerId": "c", "namespacePath": "/run/x",
                           "endpoints": [ { "networkId": "a", "networkName": "bridge", "endpointId": "e", "address": "172.18.0.2" } ] } }
            """);
        var folder = new StateFolder<SandboxRecord>(
            _folder.FullName, durable: false, NetworkJsonContext.Default.SandboxRecord, new PlainFiles(), SandboxRecord.Defaults);

        var record = folder.Load()[Id]!;

        Assert.Empty(record.Request.Networks);
        Assert.Empty(record.Request.NameServers);
        Assert.Equal("", Assert.Single(record.Request.Ports).HostAddress);
        Assert.Empty(record.Sandbox.Ports);
        var endpoint = Assert.Single(record.Sandbox.Endpoints);
        Assert.Equal(("172.18.0.2", "", ""), (endpoint.Address, endpoint.Address6, endpoint.NameServer));
        Assert.Empty(endpoint.LinkLocalAddresses);
        Assert.Empty(endpoint.Sysctls);
    }

    private void Write(string text) => File.WriteAllText(Path.Combine(_folder.FullName, Id + ".json"), text);
}
