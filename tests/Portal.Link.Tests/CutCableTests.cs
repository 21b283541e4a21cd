using Grpc.Core;
using Portal.Contracts.Consoles.V1;
using Portal.Contracts.Containers.V1;
using Portal.Contracts.Images.V1;
using Portal.Contracts.Permissions;
using Portal.Link.Tests.Environment;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Testing.Processes;
using Portal.Web.Nodes;

namespace Portal.Link.Tests;

/// <summary>
/// A real agent with its real engine in a network namespace of its own, a portal outside, a cable between: the cable is pulled and put back.
/// </summary>
public sealed class CutCableTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly string[] s_permissions =
    [
        PermissionNames.ContainersView, PermissionNames.ContainersCreate, PermissionNames.ContainersExec, PermissionNames.ContainersRemove,
        PermissionNames.ContainersPause, PermissionNames.ImagesLoad,
    ];

    private readonly TestInstance _instance = new();
    private readonly Cable _cable = new();
    private TestPortal _portal = null!;
    private AgentProcess _agent = null!;
    private Guid _node;

    public Task InitializeAsync() => Disposal.UnlessBegunAsync(BeginAsync, DisposeAsync);

    public Task DisposeAsync() => Disposal.AllAsync(_agent, _portal, _cable, _instance);

    private async Task BeginAsync()
    {
        await _cable.LayAsync();
        _portal = await TestPortal.StartAsync(postgres.ConnectionString, _instance.DataRoot, $"{_cable.PortalAddress}:{FreePort.Find()}");
        _agent = new AgentProcess(_instance, _cable.Namespace);
        await _agent.JoinAsync(_portal.TlsUrl, await _portal.MakeTokenAsync());
        _agent.Start();
        await Soon.TrueAsync(() => OnlineNodes.Any(), "the node is online", TimeSpan.FromSeconds(40));
        _node = OnlineNodes.Single();
    }

    [Fact]
    public async Task Cable_PulledAndPutBack_NothingIsLostAndNothingIsStuck()
    {
        var container = await StartContainerAsync();
        await CutAsync(container, _cable.PullAsync, _cable.PutBackAsync);
        await CutAsync(container, _cable.SwallowPacketsAsync, _cable.PassPacketsAsync);
        await ResumeAsync(container);
        await KillAsync(container);

        var client = new ContainerService.ContainerServiceClient(Invoker);
        await client.RemoveContainerAsync(new RemoveContainerRequest { Container = container, Force = true });
        await Soon.TrueAsync(() => State.Containers.IsEmpty, "the container's row is gone");
        var told = await _portal.ReadSequencesAsync(_node);
        Assert.Equal(Range(told.Last()), told);
    }

    private async Task CutAsync(string container, Func<Task> cut, Func<Task> restore)
    {
        using var console = new ConsoleService.ConsoleServiceClient(Invoker).OpenConsole();
        await console.RequestStream.WriteAsync(new OpenConsoleRequest { Open = new ConsoleOpen { Container = container } });
        Assert.True(await console.ResponseStream.MoveNext(default));
        var before = (await _portal.ReadSequencesAsync(_node)).LastOrDefault();

        await cut();
        var ended = Assert.ThrowsAsync<RpcException>(() => DrainAsync(console.ResponseStream));
        for (var step = 0; step < 5; step++)
        {
            await _agent.DockerAsync("pause", container);
            await _agent.DockerAsync("unpause", container);
        }

        await Soon.TrueAsync(() => Presence == NodePresence.Offline, "the node is offline");
        await ended.WaitAsync(TestSettings.Within(TimeSpan.FromSeconds(20)));
        await Soon.TrueAsync(() => _agent.CountProcesses(container) == 1, "the console's shell has ended on the node");

        await restore();
        await Soon.TrueAsync(() => Presence == NodePresence.Online, "the node is online");
        await Soon.TrueAsync(
            () => _portal.ReadSequencesAsync(_node).GetAwaiter().GetResult().LastOrDefault() >= before + 10, "what happened meanwhile is told");
    }

    private async Task ResumeAsync(string container)
    {
        var open = new ConsoleOpen { Container = container, Keep = true, Environment = { "PS1=$ " } };
        var terminal = await Terminal.OpenAsync(Invoker, new OpenConsoleRequest { Open = open });
        await terminal.TypeAsync("kept=yes; (sleep 3; echo mean''while) & echo be''gun\n");
        await terminal.ReadUntilAsync("begun");

        await _cable.PullAsync();
        await Soon.TrueAsync(() => Presence == NodePresence.Offline, "the node is offline");
        terminal.Dispose();
        Assert.True(_agent.CountProcesses(container) >= 2, "the shell is there");
        await _cable.PutBackAsync();
        await Soon.TrueAsync(() => Presence == NodePresence.Online, "the node is online");

        // What came while nobody could look is shown, and the shell is the same.
        using var again = await Terminal.OpenAsync(Invoker, terminal.Rejoin());
        await again.ReadUntilAsync("meanwhile");
        await again.TypeAsync("echo kept=$kept\n");
        await again.ReadUntilAsync("kept=yes");

        // 50 MB and more, with a reader that keeps up, and Ctrl-C in the middle.
        await again.TypeAsync("cat /dev/zero | tr '\\0' 'y'\n");
        await again.ReadAtLeastAsync(60_000_000);
        await again.TypeAsync("\x03");
        await again.ReadUntilAsync("$ ");
        await again.TypeAsync("echo a''live\n");
        await again.ReadUntilAsync("alive");
        await again.TypeAsync("exit 4\n");
        Assert.Equal(4, await again.ReadExitAsync());
    }

    // The agent is killed; its successor shows the same shell, with all that it said meanwhile.
    private async Task KillAsync(string container)
    {
        var open = new ConsoleOpen { Container = container, Keep = true, Environment = { "PS1=$ " } };
        var terminal = await Terminal.OpenAsync(Invoker, new OpenConsoleRequest { Open = open });
        await terminal.TypeAsync("kept=yes; (sleep 2; echo mean''while) & echo be''gun\n");
        await terminal.ReadUntilAsync("begun");

        await _agent.KillAsync();
        await Soon.TrueAsync(() => Presence == NodePresence.Offline, "the node is offline");
        terminal.Dispose();
        _agent.Start();
        await Soon.TrueAsync(() => Presence == NodePresence.Online, "the node is online", TimeSpan.FromSeconds(40));

        using var again = await Terminal.OpenAsync(Invoker, terminal.Rejoin());
        await again.ReadUntilAsync("meanwhile");
        await again.TypeAsync("echo kept=$kept; exit 6\n");
        await again.ReadUntilAsync("kept=yes");
        Assert.Equal(6, await again.ReadExitAsync());
    }

    private async Task<string> StartContainerAsync()
    {
        await new ImageService.ImageServiceClient(Invoker).CreateBusyboxImageAsync(new CreateBusyboxImageRequest());
        var created = await new ContainerService.ContainerServiceClient(Invoker).CreateContainerAsync(
            new CreateContainerRequest { Image = "busybox", Command = { "sleep", "1000" }, NetworkMode = "none", Start = true });
        await Soon.TrueAsync(
            () => State.Containers.TryGetValue(created.Id, out var shown) && shown.State == "running", "it is shown as running");
        return created.Id;
    }

    private CallInvoker Invoker => _portal.Clients.For(_node, TestPortal.Admin, s_permissions);

    private NodeState State => _portal.Fleet.Current.Nodes[_node];

    private NodePresence Presence => _portal.PresenceOf(_node);

    private IEnumerable<Guid> OnlineNodes =>
        _portal.Fleet.Current.Nodes.Values.Where(node => node.Presence == NodePresence.Online).Select(node => node.Id);

    private static async Task DrainAsync(IAsyncStreamReader<OpenConsoleResponse> responses)
    {
        while (await responses.MoveNext(default))
        {
            Assert.Equal(OpenConsoleResponse.EventOneofCase.Output, responses.Current.EventCase);
        }
    }

    private static IEnumerable<long> Range(long last)
    {
        for (var number = 1L; number <= last; number++)
        {
            yield return number;
        }
    }
}
