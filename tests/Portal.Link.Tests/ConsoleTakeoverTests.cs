using Google.Protobuf;
using Grpc.Core;
using Portal.Contracts.Consoles.V1;
using Portal.Contracts.Permissions;
using Portal.Link.Tests.Environment;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Web.Access;
using Portal.Web.Nodes;
using static Portal.Link.Tests.Environment.ConsoleCalls;
using Call = Grpc.Core.AsyncDuplexStreamingCall<
    Portal.Contracts.Consoles.V1.OpenConsoleRequest, Portal.Contracts.Consoles.V1.OpenConsoleResponse>;

namespace Portal.Link.Tests;

/// <summary>What becomes of consoles when their agent is started anew.</summary>
public sealed class ConsoleTakeoverTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly string[] s_exec = [PermissionNames.ContainersExec, PermissionNames.NodesView];
    private static readonly Actor s_other = new(Guid.NewGuid(), "other", "127.0.0.1");
    private readonly TestInstance _instance = new();
    private readonly TestAgent _agent = new();
    private TestPortal _portal = null!;
    private Guid _node;

    public Task InitializeAsync() => Disposal.UnlessBegunAsync(BeginAsync, DisposeAsync);

    public Task DisposeAsync() => Disposal.AllAsync(_agent, _portal, _instance);

    [Fact]
    public async Task Restart_ConsoleInAContainer_GoesOnAtItsByteAndInItsRecording()
    {
        var (console, id) = await OpenAsync(new ConsoleOpen { Container = "any", Keep = true, Record = true, Name = "kept" });
        var program = _agent.Engine.Execs.Programs.Single();
        Assert.True(program.Spec.KeepOutput);
        await SayAsync(console, "first");

        await _agent.StopAsync().WaitAsync(TestSettings.Within(TimeSpan.FromSeconds(20)));
        var cut = await Assert.ThrowsAsync<RpcException>(() => EndAsync(console));
        Assert.Contains(cut.StatusCode, new[] { StatusCode.Unavailable, StatusCode.Internal, StatusCode.Cancelled });
        Assert.Empty(program.Signals);
        await program.WriteAsync("meanwhile"u8.ToArray());
        await BeginAgainAsync();

        using var again = await JoinAsync(id, position: 5);
        Assert.Equal("meanwhile", (await NextAsync(again)).Output.ToStringUtf8());
        await SayAsync(again, "second");
        var shown = Assert.Single((await Client(s_exec).ListConsolesAsync(new ListConsolesRequest())).Consoles);
        Assert.Equal(("kept", true, null), (shown.Name, shown.Recorded, shown.Exited));
        await again.RequestStream.WriteAsync(Input("exit\n"));
        Assert.Equal(3, (await DrainAsync(again))?.ExitCode);

        var replay = Client([PermissionNames.ConsolesReplay]);
        var text = "";
        await Soon.TrueAsync(() => (text = ReadAsync(replay, id).GetAwaiter().GetResult()).Contains("second"), "it is recorded");
        var said = text.Split('\n').Where(line => line.Contains("\"o\"", StringComparison.Ordinal)).Select(line => line.Split('"')[3]);
        Assert.Equal(["first", "meanwhile", "second"], said);
    }

    [Fact]
    public async Task Restart_TwiceInARow_TheShellIsStillThere()
    {
        var (console, id) = await OpenAsync(new ConsoleOpen { Container = "any", Keep = true });
        await SayAsync(console, "one");
        console.Dispose();
        await _agent.StopAsync();
        await _agent.StartAsync();
        await _agent.StopAsync();
        await BeginAgainAsync();

        using var again = await JoinAsync(id, position: 0);
        Assert.Equal("one", (await NextAsync(again)).Output.ToStringUtf8());
        await SayAsync(again, "two");
    }

    [Fact]
    public async Task Restart_ConsolesThatCannotGoOn_SayWhy()
    {
        var node = Client([PermissionNames.NodesShell]).OpenNodeShell();
        await node.RequestStream.WriteAsync(
            new OpenConsoleRequest { Open = new ConsoleOpen { Kind = ConsoleKind.Node, Command = { "sh" }, Keep = true } });
        var onNode = (await NextAsync(node)).Opened.Console.Id;
        var (unkept, _) = await OpenAsync(new ConsoleOpen { Container = "any" });
        var (removed, gone) = await OpenAsync(new ConsoleOpen { Container = "brief", Keep = true });
        await _agent.StopAsync();
        node.Dispose();
        unkept.Dispose();
        removed.Dispose();
        Assert.Contains(1, _agent.Engine.Execs.Programs.Single(program => program.Container == "any").Signals);
        _agent.Engine.Execs.Remove("brief");
        await BeginAgainAsync();

        Assert.Equal(ConsoleEnd.Agent, await EndOfAsync(Client([PermissionNames.NodesShell]).OpenNodeShell(), onNode));
        Assert.Equal(ConsoleEnd.Away, await EndOfAsync(Client(s_exec).OpenConsole(), gone));
        using var others = new ConsoleService.ConsoleServiceClient(_portal.Clients.For(_node, s_other, s_exec)).OpenConsole();
        await others.RequestStream.WriteAsync(new OpenConsoleRequest { Join = new ConsoleJoin { Console = gone } });
        await Assert.ThrowsAsync<RpcException>(() => others.ResponseStream.MoveNext(default));
    }

    [Fact]
    public async Task Restart_ProgramThatNoConsoleShows_IsHungUp()
    {
        var (console, _) = await OpenAsync(new ConsoleOpen { Container = "any", Keep = true });
        var program = _agent.Engine.Execs.Programs.Single();
        await _agent.StopAsync();
        console.Dispose();

        // As when the agent was killed between the program's start and the note of it.
        File.Delete(Path.Combine(_agent.Settings.Data, "agent", "consoles.json"));
        _agent.Engine.Execs.Left.Add((program.Container, program.Id));
        await _agent.StartAsync();

        await Soon.TrueAsync(() => program.Signals.Contains(1), "the program is hung up");
    }

    private async Task BeginAsync()
    {
        _portal = await TestPortal.StartAsync(postgres.ConnectionString, _instance.DataRoot);
        _node = await _agent.JoinAsync(_portal.Url, await _portal.MakeTokenAsync());
        await _agent.StartAsync();
        await Soon.TrueAsync(() => _portal.PresenceOf(_node) == NodePresence.Online, "the node is online");
    }

    private async Task BeginAgainAsync()
    {
        await Soon.TrueAsync(() => _portal.PresenceOf(_node) == NodePresence.Offline, "the node is offline");
        await _agent.StartAsync();
        await Soon.TrueAsync(() => _portal.PresenceOf(_node) == NodePresence.Online, "the node is online");
    }

    private ConsoleService.ConsoleServiceClient Client(string[] permissions) =>
        new(_portal.Clients.For(_node, TestPortal.Admin, permissions));

    private async Task<(Call Console, string Id)> OpenAsync(ConsoleOpen open)
    {
        var console = Client(s_exec).OpenConsole();
        await console.RequestStream.WriteAsync(new OpenConsoleRequest { Open = open });
        return (console, (await NextAsync(console)).Opened.Console.Id);
    }

    private async Task<Call> JoinAsync(string id, long position)
    {
        var console = Client(s_exec).OpenConsole();
        await console.RequestStream.WriteAsync(new OpenConsoleRequest { Join = new ConsoleJoin { Console = id, Position = position } });
        Assert.Equal(position, (await NextAsync(console)).Opened.Position);
        return console;
    }

    private static async Task SayAsync(Call console, string text)
    {
        await console.RequestStream.WriteAsync(Input(text));
        Assert.Equal(text, (await NextAsync(console)).Output.ToStringUtf8());
    }

    private static async Task<ConsoleEnd?> EndOfAsync(Call console, string id)
    {
        using (console)
        {
            await console.RequestStream.WriteAsync(new OpenConsoleRequest { Join = new ConsoleJoin { Console = id } });
            return (await NextAsync(console)).Exited?.End;
        }
    }

    private static async Task EndAsync(Call console)
    {
        while (await console.ResponseStream.MoveNext(default))
        {
            Assert.Null(console.ResponseStream.Current.Exited);
        }
    }

    private static OpenConsoleRequest Input(string text) => new() { Input = ByteString.CopyFromUtf8(text) };
}
