using Grpc.Core;
using Portal.Contracts.Consoles.V1;
using Portal.Contracts.Containers.V1;
using Portal.Contracts.Permissions;
using Portal.Contracts.System.V1;
using Portal.Engine.Containers;
using Portal.Link.Tests.Environment;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Web.Nodes;

namespace Portal.Link.Tests;

/// <summary>Portal and agent with a real link between them, in one process.</summary>
public sealed class LinkTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly TestInstance _instance = new();
    private readonly TestAgent _agent = new();
    private TestPortal _portal = null!;
    private CuttableProxy _network = null!;
    private Guid _node;

    public Task InitializeAsync() => Disposal.UnlessBegunAsync(BeginAsync, DisposeAsync);

    public Task DisposeAsync() => Disposal.AllAsync(_agent, _network, _portal, _instance);

    private async Task BeginAsync()
    {
        _portal = await TestPortal.StartAsync(postgres.ConnectionString, _instance.DataRoot);
        _network = new CuttableProxy(_portal.Url);
        _node = await _agent.JoinAsync(_network.Url, await _portal.MakeTokenAsync());
        await _agent.StartAsync();
        await BeOnlineAsync();
    }

    [Fact]
    public async Task Fleet_AgentLinked_ShowsFactsCountersAndContainers()
    {
        var created = await _agent.Engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox", Name = "one" });
        await Soon.TrueAsync(() => State.Containers.ContainsKey(created.Id), "the new container is shown");
        await _agent.Engine.Containers.StartAsync(created.Id);
        await Soon.TrueAsync(() => State.Containers[created.Id].State == "running", "it is shown as running");
        await _agent.Engine.Containers.RemoveAsync(created.Id);
        await Soon.TrueAsync(() => State.Containers.IsEmpty, "its row goes with it");
        await Soon.TrueAsync(() => State.Sample is not null && State.Latency is not null, "counters and round trip are shown");

        Assert.Equal("runc 1.1.5", State.Facts!.Runtime);
        Assert.True(_agent.Status.IsOnline);
    }

    [Fact]
    public async Task Call_WithPermission_ReachesTheEngine()
    {
        var client = new ContainerService.ContainerServiceClient(
            _portal.Clients.For(_node, TestPortal.Admin, PermissionNames.ContainersCreate));
        var created = await client.CreateContainerAsync(new CreateContainerRequest { Image = "busybox", Name = "made", Start = true });

        var container = await _agent.Engine.Containers.InspectAsync(created.Id);
        Assert.Equal(Engine.Containers.ContainerState.Running, container.State);
    }

    [Fact]
    public async Task Call_WithoutItsPermission_IsRefusedByTheAgent()
    {
        var client = new ContainerService.ContainerServiceClient(
            _portal.Clients.For(_node, TestPortal.Admin, PermissionNames.ContainersView));
        var failure = await Assert.ThrowsAsync<RpcException>(
            async () => await client.CreateContainerAsync(new CreateContainerRequest { Image = "busybox" }));

        Assert.Equal(StatusCode.PermissionDenied, failure.StatusCode);
    }

    [Fact]
    public async Task Calls_ThousandAtOnce_AllAnswer()
    {
        var client = new SystemService.SystemServiceClient(_portal.Clients.For(_node, TestPortal.Admin, PermissionNames.NodesView));
        var calls = Enumerable.Range(0, 1000).Select(_ => client.PingAsync(new PingRequest()).ResponseAsync);
        await Task.WhenAll(calls).WaitAsync(TestSettings.Within(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Cut_SilentNetwork_NodeGoesOfflineCallsFailAndConsoleEndsOnBothSides()
    {
        var client = new ConsoleService.ConsoleServiceClient(
            _portal.Clients.For(_node, TestPortal.Admin, PermissionNames.ContainersExec));
        using var console = client.OpenConsole();
        await console.RequestStream.WriteAsync(new OpenConsoleRequest { Open = new ConsoleOpen { Container = "any" } });
        Assert.True(await console.ResponseStream.MoveNext(default));
        Assert.Equal(["ash"], console.ResponseStream.Current.Opened.Command);
        var program = _agent.Engine.Execs.Programs.Single(program => program.Running);

        _network.GoDead();
        var reading = console.ResponseStream.MoveNext(default);
        await Soon.TrueAsync(() => Presence == NodePresence.Offline, "the node is offline", TimeSpan.FromSeconds(10));
        var failure = await Assert.ThrowsAsync<RpcException>(() => reading.WaitAsync(TestSettings.Within(TimeSpan.FromSeconds(10))));
        await Soon.TrueAsync(() => !program.Running, "the console's program has ended on the node");
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await new SystemService.SystemServiceClient(
            _portal.Clients.For(_node, TestPortal.Admin, PermissionNames.NodesView)).PingAsync(new PingRequest()));

        Assert.True(failure.StatusCode == StatusCode.Unavailable, failure.ToString());
        Assert.Equal([1], program.Signals);
        Assert.Contains("is offline", refused.Status.Detail, StringComparison.Ordinal);

        _network.ComeBack();
        await BeOnlineAsync();
    }

    [Fact]
    public async Task Cut_EventsMeanwhile_AllAreKeptInOrderAfterwards()
    {
        await PublishAsync(50);
        _network.Reset();
        await PublishAsync(50);
        _network.GoDead();
        await PublishAsync(50);
        await Soon.TrueAsync(() => Presence == NodePresence.Offline, "the node is offline");
        await PublishAsync(50);
        _network.ComeBack();
        await Soon.TrueAsync(() => Presence == NodePresence.Online, "the node is online");
        await PublishAsync(50);

        long[] kept = [];
        await Soon.TrueAsync(
            () => (kept = _portal.ReadSequencesAsync(_node).GetAwaiter().GetResult()).Length >= 250, "all events are kept");
        Assert.Equal(Enumerable.Range(1, 250).Select(number => (long)number), kept);
    }

    [Fact]
    public async Task Reset_ByAProxyAfterItStood_IsOnlineAgain()
    {
        // Idle, across several beats of either side's timers: nothing ends a link that is merely quiet.
        var since = State.Since;
        await Task.Delay(TimeSpan.FromSeconds(3.2));
        Assert.Equal(since, State.Since);
        Assert.Equal(NodePresence.Online, Presence);

        // It may be back before anybody looks; that it was away shows in the time since when it is there.
        _network.Reset();
        await Soon.TrueAsync(() => Presence == NodePresence.Online && State.Since > since, "the node is online again");
    }

    [Fact]
    public async Task WatchLogs_CutInBetween_LosesAndDoublesNoLine()
    {
        using var enough = new CancellationTokenSource(TestSettings.Within(TimeSpan.FromSeconds(40)));
        _agent.Engine.Logs.Write("line 0");
        var seen = new List<string>();
        var watching = Task.Run(async () =>
        {
            await foreach (var batch in _portal.Telemetry.WatchLogsAsync(_node, "any", 100, enough.Token))
            {
                lock (seen)
                {
                    seen.AddRange(batch.Lines.Select(line => line.Text));
                    if (seen.Count >= 60)
                    {
                        return;
                    }
                }
            }
        });
        await Soon.TrueAsync(() => Count(seen) == 1, "the tail comes");
        WriteLines(1, 20);
        _network.Reset();
        WriteLines(21, 20);
        await Soon.TrueAsync(() => Presence == NodePresence.Online, "the node is online");
        WriteLines(41, 19);
        await watching;

        Assert.Equal(Enumerable.Range(0, 60).Select(number => $"line {number}"), seen);
        await Soon.TrueAsync(() => _agent.Engine.Logs.Readers == 0, "nobody reads the log any more");
    }

    [Fact]
    public async Task WatchLogs_TwoViews_ShareOneSubscription()
    {
        using var enough = new CancellationTokenSource(TestSettings.Within(TimeSpan.FromSeconds(20)));
        WriteLines(0, 5);
        await using var first = _portal.Telemetry.WatchLogsAsync(_node, "any", 3, enough.Token).GetAsyncEnumerator();
        Assert.True(await first.MoveNextAsync());
        await using var second = _portal.Telemetry.WatchLogsAsync(_node, "any", 3, enough.Token).GetAsyncEnumerator();
        Assert.True(await second.MoveNextAsync());

        Assert.Equal(["line 2", "line 3", "line 4"], first.Current.Lines.Select(line => line.Text));
        Assert.Equal(first.Current.Lines, second.Current.Lines);
        Assert.Equal(1, _agent.Engine.Logs.Readers);
    }

    [Fact]
    public async Task WatchLogs_UnknownContainer_EndsWithTheReason()
    {
        using var enough = new CancellationTokenSource(TestSettings.Within(TimeSpan.FromSeconds(20)));
        var batches = new List<Contracts.Hubs.LogBatch>();
        await foreach (var batch in _portal.Telemetry.WatchLogsAsync(_node, "missing", 10, enough.Token))
        {
            batches.Add(batch);
        }

        Assert.Equal("No such container: missing", batches.Single().Error);
    }

    [Fact]
    public async Task WatchStats_WhileSomebodyLooks_AgentSendsAndThenStops()
    {
        using var enough = new CancellationTokenSource(TestSettings.Within(TimeSpan.FromSeconds(20)));
        _agent.Engine.Stats.Running = ["watched", "other"];
        Assert.Equal(0, _agent.Engine.Stats.Readers);
        var count = 0;
        await foreach (var sample in _portal.Telemetry.WatchStatsAsync(_node, "watched", enough.Token))
        {
            Assert.Equal("watched", sample.ContainerId);
            if (++count == 3)
            {
                break;
            }
        }

        await Soon.TrueAsync(() => _agent.Engine.Stats.Readers == 0, "the agent reads no counters any more");
        await using var again = _portal.Telemetry.WatchStatsAsync(_node, "watched", enough.Token).GetAsyncEnumerator();
        for (var remembered = 0; remembered < 3; remembered++)
        {
            Assert.True(await again.MoveNextAsync());
        }
    }

    [Fact]
    public async Task Remove_LinkedNode_IsCutAndRefusedAtOnce()
    {
        Assert.True(await RemoveAsync());
        await Soon.TrueAsync(() => _agent.Status.Problem.Contains("was removed", StringComparison.Ordinal), "the agent says that it was removed");

        Assert.False(_portal.Fleet.Current.Nodes.ContainsKey(_node));
        Assert.False(_agent.Status.IsOnline);
        Assert.Contains(_portal.Audit.Entries, entry => entry.Action == "node.remove");
        Assert.False(await RemoveAsync());
    }

    [Fact]
    public async Task Leave_WhileItRuns_AgentUnlinksAndJoinsAnewByItself()
    {
        _agent.Identities.Delete();
        await Soon.TrueAsync(() => Presence == NodePresence.Offline, "the node is offline");

        var second = await _agent.JoinAsync(_network.Url, await _portal.MakeTokenAsync());
        await Soon.TrueAsync(() => _portal.PresenceOf(second) == NodePresence.Online, "the new node is online");
        Assert.NotEqual(_node, second);
    }

    private NodeState State => _portal.Fleet.Current.Nodes[_node];

    private NodePresence Presence => _portal.PresenceOf(_node);

    private Task BeOnlineAsync() => Soon.TrueAsync(() => Presence == NodePresence.Online, "the node is online");

    private Task<bool> RemoveAsync()
    {
        var registry = (INodeRegistry)_portal.Services.GetService(typeof(INodeRegistry))!;
        return registry.RemoveAsync(_node, TestPortal.Admin, default);
    }

    private async Task PublishAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _agent.Engine.Events.Publish(Engine.Events.EngineEventType.Image, "pull", $"image {i}", new Dictionary<string, string> { ["n"] = "1" });
        }

        await Task.Yield();
    }

    private void WriteLines(int first, int count)
    {
        for (var number = first; number < first + count; number++)
        {
            _agent.Engine.Logs.Write($"line {number}");
        }
    }

    private static int Count(List<string> seen)
    {
        lock (seen)
        {
            return seen.Count;
        }
    }
}
