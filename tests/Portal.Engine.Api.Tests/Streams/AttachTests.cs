using Microsoft.Extensions.DependencyInjection;
using System.Net.Sockets;
using System.Text;
using Portal.Engine.Api.Tests.Fakes;
using Portal.Engine.Api.Tests.Hosting;
using Portal.Engine.Runtime;
using Portal.Testing;

namespace Portal.Engine.Api.Tests.Streams;

public sealed class AttachTests : IAsyncLifetime
{
    private const string Attach = "POST /v1.47/containers/web/attach?stream=1&stdin=1&stdout=1&stderr=1 HTTP/1.1|Connection: Upgrade|Upgrade: tcp";
    private DockerApiHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await DockerApiHost.StartAsync();
        _host.Containers.All.Add(FakeContainers.Describe());
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Attach_WithUpgrade_SwitchesProtocols()
    {
        using var socket = await _host.SendAsync(Attach);

        var head = await socket.ReadHeadAsync();

        Assert.StartsWith("HTTP/1.1 101 UPGRADED\r\n", head);
        Assert.Contains("\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n", head);
        Assert.Contains("\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\n", head);
    }

    [Fact]
    public async Task Attach_WithoutUpgrade_AnswersOkAndStreamsRawBytes()
    {
        using var socket = await _host.SendAsync(Attach.Replace("|Connection: Upgrade|Upgrade: tcp", ""));
        var head = await socket.ReadHeadAsync();
        _host.Containers.Process.Say("out");
        _host.Containers.Process.Say("err", OutputSource.Stderr);

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", head);
        Assert.DoesNotContain("chunked", head);
        Assert.Equal((1, "out"), await socket.ReadFrameAsync());
        Assert.Equal((2, "err"), await socket.ReadFrameAsync());
    }

    [Theory]
    [InlineData("|Connection: Upgrade|Upgrade: tcp")]
    [InlineData("")]
    public async Task Attach_RequestHasABody_TheProcessReadsNoneOfIt(string upgrade)
    {
        const string Body = "{\"stream\":true}";
        var head = Attach.Replace("|Connection: Upgrade|Upgrade: tcp", upgrade) + $"|Content-Length: {Body.Length}";
        using var socket = await _host.SendAsync(head, Body + "typed");

        await socket.ReadHeadAsync();

        Assert.Equal("typed", await _host.Containers.Process.Input.ReadAsync());
    }

    [Fact]
    public async Task Attach_ClientEndsItsSide_ProcessReadsEndAndOutputGoesOn()
    {
        using var socket = await _host.SendAsync(Attach);
        await socket.ReadHeadAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes("last words"));
        socket.Shutdown(SocketShutdown.Send);

        Assert.Equal("last words", await _host.Containers.Process.Input.ReadAsync());
        await _host.Containers.Process.Input.Completion.WaitAsync(TestSettings.Within(TimeSpan.FromSeconds(5)));
        _host.Containers.Process.Say("still here");
        Assert.Equal((1, "still here"), await socket.ReadFrameAsync());
        _host.Containers.Process.End();
        await socket.ReadEndAsync();
        await _host.Containers.Process.Disposed.WaitAsync(TestSettings.Within(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task Attach_InputAndEndBeforeTheAnswer_ArePassedOn()
    {
        // What a pipe into a plain client does: all at once, then its side is ended, and only then the answer is read.
        using var socket = await _host.SendAsync(Attach.Replace("|Connection: Upgrade|Upgrade: tcp", ""), "early");
        socket.Shutdown(SocketShutdown.Send);

        Assert.Equal("early", await _host.Containers.Process.Input.ReadAsync());
        await _host.Containers.Process.Input.Completion.WaitAsync(TestSettings.Within(TimeSpan.FromSeconds(5)));
        _host.Containers.Process.Say("answer");
        _host.Containers.Process.End();
        await socket.ReadHeadAsync();
        Assert.Equal((1, "answer"), await socket.ReadFrameAsync());
        await socket.ReadEndAsync();
    }

    [Fact]
    public async Task Attach_OutputEnds_AllOfItArrivesAndTheConnectionIsClosed()
    {
        using var socket = await _host.SendAsync(Attach);
        await socket.ReadHeadAsync();
        var much = new string('x', 300_000);
        _host.Containers.Process.Say(much);
        _host.Containers.Process.End();

        Assert.Equal((1, much), await socket.ReadFrameAsync());
        await socket.ReadEndAsync();
    }

    [Fact]
    public async Task Attach_ClientVanishes_ConnectionIsLeft()
    {
        var socket = await _host.SendAsync(Attach);
        await socket.ReadHeadAsync();
        socket.Dispose();

        // Its next words can't be sent any more; which of them is noticed is the kernel's matter.
        await Eventually.HoldsAsync(async () =>
        {
            _host.Containers.Process.Say(new string('x', 1000));
            await Task.WhenAny(_host.Containers.Process.Disposed, Task.Delay(20));
            return _host.Containers.Process.Disposed.IsCompleted;
        });
    }

    [Fact]
    public async Task Attach_Terminal_IsRawAndLeftByDetachKeys()
    {
        _host.Containers.All.Clear();
        var container = FakeContainers.Describe();
        _host.Containers.All.Add(container with { Spec = container.Spec with { Tty = true } });
        _host.Containers.Process = new FakeProcessStreams(terminal: true);
        using var socket = await _host.SendAsync(Attach.Replace("stream=1", "stream=1&detachKeys=ctrl-a,x"));
        var head = await socket.ReadHeadAsync();
        _host.Containers.Process.Say("raw");
        var text = await socket.ReadTextAsync(3);
        await socket.SendAsync(new byte[] { (byte)'k', 1, (byte)'y', 1, (byte)'x', (byte)'z' });

        Assert.Contains("application/vnd.docker.raw-stream", head);
        Assert.Equal("raw", text);
        await socket.ReadEndAsync();
        Assert.Equal("k\u0001y", await _host.Containers.Process.Input.ReadAsync());
        Assert.False(_host.Containers.Process.Input.TryRead(out _));
    }

    [Fact]
    public async Task Attach_BadDetachKeys_IsRefusedBeforeTheStream()
    {
        _host.Containers.All.Clear();
        var container = FakeContainers.Describe();
        _host.Containers.All.Add(container with { Spec = container.Spec with { Tty = true } });
        using var socket = await _host.SendAsync(Attach.Replace("stream=1", "stream=1&detachKeys=ctrl-%C3%A9"));

        Assert.StartsWith("HTTP/1.1 400 ", await socket.ReadHeadAsync());
    }

    [Fact]
    public async Task Attach_NoSuchContainer_IsAnOrdinaryError()
    {
        using var socket = await _host.SendAsync(Attach.Replace("/web/", "/nobody/"));

        var head = await socket.ReadHeadAsync();

        Assert.StartsWith("HTTP/1.1 404 ", head);
        Assert.Contains("application/json", head);
    }

    [Fact]
    public async Task ExecStart_WithBodyAndUpgrade_Hijacks()
    {
        const string Describe = """{"AttachStdin":true,"AttachStdout":true,"AttachStderr":true,"Cmd":["sh"],"Tty":true}""";
        (await _host.PostAsync("/containers/web/exec", Describe)).EnsureSuccessStatusCode();
        _host.Execs.Process = new FakeProcessStreams(terminal: true);
        const string Body = """{"Detach":false,"Tty":true,"ConsoleSize":[24,80]}""";
        using var socket = await _host.SendAsync(
            $"POST /v1.47/exec/{FakeExecs.Id}/start HTTP/1.1|Connection: Upgrade|Upgrade: tcp|Content-Type: application/json|Content-Length: {Body.Length}",
            Body);

        Assert.StartsWith("HTTP/1.1 101 UPGRADED\r\n", await socket.ReadHeadAsync());
        await socket.SendAsync(Encoding.ASCII.GetBytes("ls\n"));
        Assert.Equal("ls\n", await _host.Execs.Process.Input.ReadAsync());
        _host.Execs.Process.Say("files");
        _host.Execs.Process.End();
        Assert.Equal("files", await socket.ReadTextAsync(5));
        await socket.ReadEndAsync();
        Assert.Equal(new TerminalSize(80, 24), _host.Execs.Size);
    }

    [Fact]
    public async Task OrdinaryRequest_ClientGoes_IsCancelled()
    {
        var socket = await _host.SendAsync("POST /containers/web/wait HTTP/1.1");
        await socket.ReadHeadAsync();
        socket.Dispose();

        // A wait that was given up does not hold the server's stop up either.
        var stopping = _host.Services.GetRequiredService<Microsoft.Extensions.Hosting.IHost>().StopAsync();
        await stopping.WaitAsync(TestSettings.Within(TimeSpan.FromSeconds(5)));
    }
}
