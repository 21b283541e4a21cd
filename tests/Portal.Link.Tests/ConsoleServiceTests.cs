using Google.Protobuf;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Contracts.Consoles.V1;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Link.Tests.Environment;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Web.Access;
using Portal.Web.Features.Consoles.Recordings;
using Portal.Web.Features.Consoles.Rules;
using Portal.Web.Nodes;
using static Portal.Link.Tests.Environment.ConsoleCalls;
using Call = Grpc.Core.AsyncDuplexStreamingCall<
    Portal.Contracts.Consoles.V1.OpenConsoleRequest, Portal.Contracts.Consoles.V1.OpenConsoleResponse>;

namespace Portal.Link.Tests;

/// <summary>Consoles that live on a node, as portals see them: over the link, through every interceptor.</summary>
public sealed class ConsoleServiceTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly string[] s_exec = [PermissionNames.ContainersExec, PermissionNames.NodesView];
    private static readonly string[] s_sharing = [.. s_exec, PermissionNames.ConsolesShare];
    private static readonly Actor s_other = new(Guid.NewGuid(), "other", "127.0.0.1");
    private readonly TestInstance _instance = new();
    private readonly TestAgent _agent = new();
    private TestPortal _portal = null!;
    private Guid _node;

    public Task InitializeAsync() => Disposal.UnlessBegunAsync(BeginAsync, DisposeAsync);

    public Task DisposeAsync() => Disposal.AllAsync(_agent, _portal, _instance);

    [Fact]
    public async Task OpenConsole_ShellThatIsThere_EchoesResizesAndTellsItsExitCode()
    {
        using var console = await OpenAsync(new ConsoleOpen { Container = "any", Size = new ConsoleSize { Columns = 100, Rows = 30 } });
        await console.RequestStream.WriteAsync(Input("hello"));
        Assert.Equal("hello", (await NextAsync(console)).Output.ToStringUtf8());
        await console.RequestStream.WriteAsync(new OpenConsoleRequest { Resize = new ConsoleSize { Columns = 120, Rows = 40 } });
        Assert.Equal(120, (await NextAsync(console)).Resized.Columns);
        var program = _agent.Engine.Execs.Programs.Single();
        await Soon.TrueAsync(() => program.Size is { Columns: 120, Rows: 40 }, "the terminal has its new size");
        await console.RequestStream.WriteAsync(Input("exit\n"));

        Assert.Equal(3, (await NextAsync(console)).Exited.ExitCode);
        Assert.False(await console.ResponseStream.MoveNext(default));
        Assert.Empty(program.Signals);
    }

    [Fact]
    public async Task OpenConsole_NotKeptAndViewerGoes_ProgramIsHungUp()
    {
        var console = await OpenAsync(new ConsoleOpen { Container = "any" });
        console.Dispose();
        var program = _agent.Engine.Execs.Programs.Single();
        await Soon.TrueAsync(() => program.Signals.Contains(1), "the program is hung up");
    }

    [Fact]
    public async Task OpenConsole_WrongBeginningsAndSizes_AreRefused()
    {
        OpenConsoleRequest[] beginnings =
        [
            Input("first"),
            new() { Open = new ConsoleOpen { Container = "any", Size = new ConsoleSize { Columns = 0, Rows = 10 } } },
            new() { Open = new ConsoleOpen { Container = "any", Size = new ConsoleSize { Columns = 10, Rows = 1001 } } },
            new() { Open = new ConsoleOpen { Container = "any", Command = { "absent" } } },
            new() { Open = new ConsoleOpen { Kind = ConsoleKind.Node } },
        ];
        foreach (var beginning in beginnings)
        {
            using var console = Client(TestPortal.Admin, s_exec).OpenConsole();
            await console.RequestStream.WriteAsync(beginning);
            var failure = await Assert.ThrowsAsync<RpcException>(() => console.ResponseStream.MoveNext(default));
            Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
        }
    }

    [Fact]
    public async Task Join_AfterTheViewerWent_GoesOnWhereItWas()
    {
        var (first, id) = await KeepAsync();
        await first.RequestStream.WriteAsync(Input("one"));
        Assert.Equal("one", (await NextAsync(first)).Output.ToStringUtf8());
        first.Dispose();
        await ViewersAsync(id, 0);
        var program = _agent.Engine.Execs.Programs.Single();
        await program.WriteAsync("two"u8.ToArray());

        using var second = await JoinAsync(TestPortal.Admin, s_exec, new ConsoleJoin { Console = id, Position = 3 });
        Assert.Equal("two", (await NextAsync(second)).Output.ToStringUtf8());
        using var anew = await JoinAsync(TestPortal.Admin, s_exec, new ConsoleJoin { Console = id });
        Assert.Equal("onetwo", (await NextAsync(anew)).Output.ToStringUtf8());
        Assert.True(program.Running);
        Assert.Empty(program.Signals);
    }

    [Fact]
    public async Task Join_MoreCameThanIsKept_BeginsAtALineOfTheLastMebibyte()
    {
        var (first, id) = await KeepAsync();
        first.Dispose();
        await ViewersAsync(id, 0);
        var program = _agent.Engine.Execs.Programs.Single();
        var line = System.Text.Encoding.UTF8.GetBytes(new string('x', 999) + "\n");
        for (var number = 0; number < 2000; number++)
        {
            await program.WriteAsync(line);
        }

        await program.WriteAsync("end"u8.ToArray());
        await Soon.TrueAsync(() => program.Waiting == 0, "the agent has read all of it");
        using var console = Client(TestPortal.Admin, s_exec).OpenConsole();
        await console.RequestStream.WriteAsync(new OpenConsoleRequest { Join = new ConsoleJoin { Console = id, Position = 1000 } });
        var opened = (await NextAsync(console)).Opened;
        Assert.InRange(opened.Position, 2_000_003 - (1024 * 1024), 2_000_003);
        Assert.Equal(0, opened.Position % 1000);

        var position = opened.Position;
        while (position < 2_000_003)
        {
            position += (await NextAsync(console)).Output.Length;
        }

        Assert.Equal(2_000_003, position);
    }

    [Fact]
    public async Task Output_ViewerDoesNotRead_ProgramIsHeldUp()
    {
        using var console = await OpenAsync(new ConsoleOpen { Container = "any", Keep = true });
        var program = _agent.Engine.Execs.Programs.Single();
        for (var number = 0; number < 1000; number++)
        {
            await program.WriteAsync(new byte[32 * 1024]);
        }

        // What the link's flow control, the buffer and a viewer's lead hold is a small part of these 32 MB.
        await Soon.TrueAsync(() => program.Waiting < 1000, "the agent reads");
        var before = -1;
        await Soon.TrueAsync(() => before == (before = program.Waiting), "it reads no further");
        Assert.InRange(program.Waiting, 600, 999);

        long read = 0;
        while (read < 1000L * 32 * 1024)
        {
            read += (await NextAsync(console)).Output.Length;
        }

        Assert.Equal(0, program.Waiting);
    }

    [Fact]
    public async Task Join_SomebodyElses_NeedsThatItIsSharedAndKeepsToWhatIsShared()
    {
        var (owner, id) = await KeepAsync();
        var client = Client(TestPortal.Admin, s_sharing);
        await RefusedAsync(s_other, s_sharing, id);
        await client.UpdateConsoleAsync(new UpdateConsoleRequest { Console = id, Name = "shown", Sharing = ConsoleSharing.Watch });
        await RefusedAsync(s_other, s_exec, id);

        using var watching = await JoinAsync(s_other, s_sharing, new ConsoleJoin { Console = id, Person = "other" });
        await watching.RequestStream.WriteAsync(Input("not heard"));
        await watching.RequestStream.WriteAsync(new OpenConsoleRequest { Resize = new ConsoleSize { Columns = 20, Rows = 5 } });
        await owner.RequestStream.WriteAsync(Input("heard"));
        Assert.Equal("heard", (await NextAsync(watching)).Output.ToStringUtf8());
        Assert.Equal(80, _agent.Engine.Execs.Programs.Single().Size?.Columns);

        await client.UpdateConsoleAsync(new UpdateConsoleRequest { Console = id, Sharing = ConsoleSharing.None });
        var cut = await Assert.ThrowsAsync<RpcException>(() => DrainAsync(watching));
        Assert.Equal(StatusCode.PermissionDenied, cut.StatusCode);
        owner.Dispose();
    }

    [Fact]
    public async Task ListAndEnd_OfOthers_NeedTheirPermissions()
    {
        var (owner, id) = await KeepAsync();
        Assert.Empty((await Client(s_other, s_sharing).ListConsolesAsync(new ListConsolesRequest())).Consoles);
        string[] all = [PermissionNames.NodesView, PermissionNames.ConsolesView];
        var seen = Assert.Single((await Client(s_other, all).ListConsolesAsync(new ListConsolesRequest())).Consoles);
        Assert.Equal((id, "Ada", 1), (seen.Id, seen.Owner, seen.Viewers.Count));

        var refused = await Assert.ThrowsAsync<RpcException>(
            async () => await Client(s_other, all).EndConsoleAsync(new EndConsoleRequest { Console = id }));
        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
        await Client(s_other, [.. all, PermissionNames.ConsolesEnd]).EndConsoleAsync(
            new EndConsoleRequest { Console = id, Person = "Eve" });

        var exited = await DrainAsync(owner);
        Assert.Equal((ConsoleEnd.Person, "Eve"), (exited?.End, exited?.EndedBy));
        Assert.Equal([1], _agent.Engine.Execs.Programs.Single().Signals);
    }

    [Fact]
    public async Task Idle_LongerThanSet_Ends()
    {
        using var console = await OpenAsync(new ConsoleOpen { Container = "any", Keep = true, IdleSeconds = 1 });
        Assert.Equal(ConsoleEnd.Idle, (await DrainAsync(console))?.End);
    }

    [Fact]
    public async Task Record_WhatIsShown_IsThereToBeTakenInAsciinemasFormat()
    {
        using var console = await OpenAsync(new ConsoleOpen { Container = "any", Keep = true, Record = true, Name = "taped" });
        await console.RequestStream.WriteAsync(Input("grüße"));
        await NextAsync(console);
        var client = Client(TestPortal.Admin, [PermissionNames.ConsolesReplay]);
        var recording = Assert.Single((await client.ListRecordingsAsync(new ListRecordingsRequest())).Recordings);
        await Assert.ThrowsAsync<RpcException>(
            async () => await client.RemoveRecordingAsync(new RemoveRecordingRequest { Id = recording.Id }));
        await console.RequestStream.WriteAsync(Input("exit\n"));
        await DrainAsync(console);

        var text = "";
        await Soon.TrueAsync(() => (text = ReadAsync(client, recording.Id).GetAwaiter().GetResult()).Contains("grüße"), "it is written");
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        using var header = System.Text.Json.JsonDocument.Parse(lines[0]);
        Assert.Equal((2, 80, "taped"), (
            header.RootElement.GetProperty("version").GetInt32(),
            header.RootElement.GetProperty("width").GetInt32(),
            header.RootElement.GetProperty("title").GetString()));
        Assert.Matches("""^\[\d+\.\d{6}, "o", "grüße"\]$""", lines[1]);

        await Soon.TrueAsync(
            () => client.ListRecordings(new ListRecordingsRequest()).Recordings.Single().Console.Exited is not null, "it ended");
        await client.RemoveRecordingAsync(new RemoveRecordingRequest { Id = recording.Id });
        Assert.Empty((await client.ListRecordingsAsync(new ListRecordingsRequest())).Recordings);
    }

    [Fact]
    public async Task Collector_RecordingThatGrowsAndEnds_KeepsAllOfItAndTakesItOffTheNode()
    {
        var contexts = _portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>();

        // Only who reads recordings is asked who they are.
        var recordings = new RecordedConsoles(contexts, null!);
        var policies = new ConsolePolicies(contexts, _portal.Audit, TimeProvider.System);
        var collector = new RecordingCollector(
            _portal.Database, recordings, policies, _portal.Clients, _portal.Fleet, _portal.Audit, TimeProvider.System,
            NullLogger<RecordingCollector>.Instance);
        using var console = await OpenAsync(new ConsoleOpen { Container = "any", Keep = true, Record = true, Person = "Ada" });
        await console.RequestStream.WriteAsync(Input("first"));
        await NextAsync(console);
        await CollectUntilAsync("first");
        Assert.Null((await contexts.CreateDbContext().RecordedConsoles.SingleAsync()).EndedAt);

        await console.RequestStream.WriteAsync(Input("second"));
        await console.RequestStream.WriteAsync(Input("exit\n"));
        await DrainAsync(console);
        var client = Client(TestPortal.Admin, [PermissionNames.ConsolesReplay]);
        await CollectUntilAsync("second");
        await Soon.TrueAsync(
            () =>
            {
                collector.CollectAsync(_portal.Fleet.Current.Nodes[_node], default).GetAwaiter().GetResult();
                return client.ListRecordings(new ListRecordingsRequest()).Recordings.Count == 0;
            },
            "it is taken off the node");

        var kept = await contexts.CreateDbContext().RecordedConsoles.SingleAsync();
        var file = await FileAsync();
        Assert.Equal((file.Length, "Ada", "The program ended with exit code 3."), (kept.Size, kept.OwnerName, kept.Ending));
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(file));
        Assert.Contains(
            _portal.Audit.Entries,
            entry => entry.Action == "console.record" && entry.Detail.EndsWith(hash, StringComparison.Ordinal));

        async Task<byte[]> FileAsync()
        {
            using var output = new MemoryStream();
            await recordings.CopyAsync((await contexts.CreateDbContext().RecordedConsoles.SingleAsync()).Id, output, default);
            return output.ToArray();
        }

        Task CollectUntilAsync(string text) => Soon.TrueAsync(
            () =>
            {
                collector.CollectAsync(_portal.Fleet.Current.Nodes[_node], default).GetAwaiter().GetResult();
                return System.Text.Encoding.UTF8.GetString(FileAsync().GetAwaiter().GetResult()).Contains(text, StringComparison.Ordinal);
            },
            $"'{text}' is kept");
    }

    [Fact]
    public async Task NodeShell_RealTerminal_RunsOnTheHostWithItsSizeAndCanBeInterrupted()
    {
        using var console = Client(TestPortal.Admin, [PermissionNames.NodesShell]).OpenNodeShell();
        var open = new ConsoleOpen
        {
            Kind = ConsoleKind.Node,
            Command = { "sh" },
            WorkingDirectory = "/",
            Environment = { "PS1=$ " },
            Size = new ConsoleSize { Columns = 91, Rows = 17 },
        };
        await console.RequestStream.WriteAsync(new OpenConsoleRequest { Open = open });
        Assert.Equal("sh", Path.GetFileName((await NextAsync(console)).Opened.Command.Single()));
        await console.RequestStream.WriteAsync(Input("stty size; tty | cut -c1-9; cat /dev/zero | tr '\\0' 'y'\n"));
        var shown = await ReadUntilAsync(console, "yyyyyyyy");
        Assert.Contains("17 91", shown, StringComparison.Ordinal);
        Assert.Contains("/dev/pts/", shown, StringComparison.Ordinal);

        // In the middle of endless output. What is typed ahead of the prompt goes with it (termios(3), NOFLSH).
        await console.RequestStream.WriteAsync(Input("\x03"));
        await ReadUntilAsync(console, "$ ");
        await console.RequestStream.WriteAsync(Input("exit 5\n"));
        Assert.Equal(5, (await DrainAsync(console))?.ExitCode);

        using var refused = Client(TestPortal.Admin, s_exec).OpenNodeShell();
        var failure = await Assert.ThrowsAsync<RpcException>(() => refused.ResponseStream.MoveNext(default));
        Assert.Equal(StatusCode.PermissionDenied, failure.StatusCode);
    }

    private async Task BeginAsync()
    {
        _portal = await TestPortal.StartAsync(postgres.ConnectionString, _instance.DataRoot);
        _node = await _agent.JoinAsync(_portal.Url, await _portal.MakeTokenAsync());
        await _agent.StartAsync();
        await Soon.TrueAsync(() => _portal.PresenceOf(_node) == NodePresence.Online, "the node is online");
    }

    private ConsoleService.ConsoleServiceClient Client(Actor actor, string[] permissions) =>
        new(_portal.Clients.For(_node, actor, permissions));

    private async Task<Call> OpenAsync(ConsoleOpen open)
    {
        var console = Client(TestPortal.Admin, s_exec).OpenConsole();
        await console.RequestStream.WriteAsync(new OpenConsoleRequest { Open = open });
        Assert.Equal(["ash"], (await NextAsync(console)).Opened.Command);
        return console;
    }

    private async Task<(Call Console, string Id)> KeepAsync()
    {
        var console = Client(TestPortal.Admin, s_exec).OpenConsole();
        await console.RequestStream.WriteAsync(
            new OpenConsoleRequest { Open = new ConsoleOpen { Container = "any", Keep = true, Person = "Ada" } });
        return (console, (await NextAsync(console)).Opened.Console.Id);
    }

    private async Task<Call> JoinAsync(Actor actor, string[] permissions, ConsoleJoin join)
    {
        var console = Client(actor, permissions).OpenConsole();
        await console.RequestStream.WriteAsync(new OpenConsoleRequest { Join = join });
        Assert.Equal(join.Position, (await NextAsync(console)).Opened.Position);
        return console;
    }

    private async Task RefusedAsync(Actor actor, string[] permissions, string id)
    {
        using var console = Client(actor, permissions).OpenConsole();
        await console.RequestStream.WriteAsync(new OpenConsoleRequest { Join = new ConsoleJoin { Console = id } });
        var failure = await Assert.ThrowsAsync<RpcException>(() => console.ResponseStream.MoveNext(default));
        Assert.Equal(StatusCode.PermissionDenied, failure.StatusCode);
    }

    private Task ViewersAsync(string id, int count) => Soon.TrueAsync(
        () => Client(TestPortal.Admin, s_exec).ListConsoles(new ListConsolesRequest()).Consoles
            .Single(console => console.Id == id).Viewers.Count == count,
        $"{count} look at it");

    private static OpenConsoleRequest Input(string text) => new() { Input = ByteString.CopyFromUtf8(text) };
}
