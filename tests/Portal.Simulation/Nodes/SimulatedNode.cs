using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Agent.Hosting;
using Portal.Agent.Link;
using Portal.Agent.Services;
using Portal.Agent.Telemetry;
using Portal.Agent.Tests.Fakes;
using Portal.Agent.Upgrades;
using Portal.Contracts.Link;
using Portal.Engine.Containers;
using Portal.Engine.Hosting;
using Portal.Simulation.Link;

namespace Portal.Simulation.Nodes;

/// <summary>One node: a key of its own, both connections by the agent's own classes, and containers that are entries of a list.</summary>
internal sealed class SimulatedNode : IDisposable
{
    private static readonly string[] s_images =
        ["docker.io/library/nginx:1.27", "docker.io/library/postgres:16", "ghcr.io/example/shop:4.2"];

    private readonly int _number;
    private readonly SimulationOptions _options;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly FakeEvents _events = new();
    private readonly FakeContainers _containers;
    private readonly TelemetrySources _sources;
    private readonly List<string> _ids = [];
    private AgentIdentity? _identity;
    private volatile bool _announced;
    private volatile WebSocketTransport? _link;
    private volatile WebSocketTransport? _called;

    public SimulatedNode(int number, SimulationOptions options)
    {
        _number = number;
        _options = options;
        _containers = new FakeContainers(_events);
        var stats = new SimulatedStats(_containers, options.StatsInterval);
        var engine = new EngineOptions { Name = $"sim{number}", DataRoot = "/nowhere", RunRoot = "/nowhere" };
        var description = new NodeDescription(
            new FakeRuntime(), stats, engine, new AgentPaths("/nowhere/data", "/nowhere/run"), TimeProvider.System,
            new AgentUpgrade(null, null!, null!, TimeProvider.System, NullLogger<AgentUpgrade>.Instance));
        _sources = new TelemetrySources(_containers, _events, new FakeLogs(), stats, stats, description, TimeProvider.System);
    }

    /// <summary>True while the portal calls it, and since it has taken the snapshot.</summary>
    public bool IsOnline => _announced && _called is { } called && called == _link;

    /// <summary>Makes its containers and joins.</summary>
    public async Task JoinAsync(CancellationToken cancellationToken)
    {
        for (var index = 0; index < _options.Containers; index++)
        {
            var made = await _containers.CreateAsync(Describe(index), cancellationToken);
            _ids.Add(made.Id);
            if (index % 10 != 9)
            {
                await _containers.StartAsync(made.Id, cancellationToken);
            }
        }

        var request = new JoinRequest(
            _options.Token, Convert.ToBase64String(_key.ExportSubjectPublicKeyInfo()), $"sim-{_number:0000}", JoinClient.AgentVersion);
        var joined = await OwnAddress.JoinAsync(_options.Portal, _number, request, cancellationToken);
        _identity = new AgentIdentity(joined.NodeId, joined.NodeName, _options.Portal.ToString(), "");
    }

    /// <summary>Keeps both connections until it is cancelled.</summary>
    public Task RunAsync(ReverseQueue reverse, CancellationToken cancellationToken) =>
        Task.WhenAll(ServeAsync(reverse, cancellationToken), TellAsync(cancellationToken));

    /// <summary>Starts or stops one of its containers.</summary>
    public async Task ChangeAsync(CancellationToken cancellationToken)
    {
        var id = _ids[Random.Shared.Next(_ids.Count)];
        if ((await _containers.InspectAsync(id, cancellationToken)).State == ContainerState.Running)
        {
            await _containers.StopAsync(id, cancellationToken: cancellationToken);
        }
        else
        {
            await _containers.StartAsync(id, cancellationToken);
        }
    }

    public void Dispose() => _key.Dispose();

    private ContainerSpec Describe(int index) => new()
    {
        Name = $"sim-{_number:0000}-{index:00}",
        Image = s_images[index % s_images.Length],
        Command = ["/usr/bin/server", "--listen", "0.0.0.0:8080", "--workers", "4"],
        Labels = new Dictionary<string, string>
        {
            ["com.docker.compose.project"] = $"shop-{index / 10}",
            ["com.docker.compose.service"] = $"service-{index % 10}",
            ["org.opencontainers.image.source"] = "https://example.com/shop",
        },
    };

    private async Task ServeAsync(ReverseQueue reverse, CancellationToken cancellationToken)
    {
        var delay = new ReconnectDelay(Random.Shared);
        while (!cancellationToken.IsCancellationRequested)
        {
            var socket = await DialAsync(LinkProtocol.ReversePath, LinkProtocol.ReverseSubprotocol, delay, cancellationToken);
            var link = new WebSocketTransport(socket, cancellationToken);
            link.Features.Set(new CalledFeature(() => _called = link));
            _link = link;
            reverse.Add(link);
            await link.Ended.WaitAsync(cancellationToken);
            _link = null;
        }
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        var connections = new OwnConnections(this, new ReconnectDelay(Random.Shared));
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await using var session = new TelemetrySession(
                    TelemetryConnection.Build(connections, NullLoggerFactory.Instance), _sources, NullLogger.Instance);
                await session.RunAsync(() => _announced = true, cancellationToken);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested && failure is not OutOfMemoryException)
            {
                // The connection's end, as in the agent: the next one begins anew.
            }
            finally
            {
                _announced = false;
            }
        }
    }

    private async Task<WebSocket> DialAsync(string path, string? subprotocol, ReconnectDelay delay, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var dialer = new PortalDialer(_identity!.Address);
                var socket = await dialer.ConnectAsync(_identity, _key, path, subprotocol, cancellationToken);
                delay.Reset();
                return socket;
            }
            catch (LinkException failure)
            {
                await Task.Delay(delay.Next(failure.Problem), cancellationToken);
            }
        }
    }

    private sealed class OwnConnections(SimulatedNode node, ReconnectDelay delay) : IConnectionFactory
    {
        public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
        {
            var socket = await node.DialAsync(LinkProtocol.TelemetryPath, null, delay, cancellationToken);
            return new WebSocketTransport(socket, CancellationToken.None);
        }
    }
}
