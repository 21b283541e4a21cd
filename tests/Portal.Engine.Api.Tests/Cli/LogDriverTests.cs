using System.Net;
using System.Net.Sockets;
using System.Text;
using Portal.Testing;

namespace Portal.Engine.Api.Tests.Cli;

[Collection(EngineCollection.Name)]
public sealed class LogDriverTests(EngineFixture engine) : IAsyncLifetime
{
    private readonly string _name = $"l{Guid.NewGuid():N}"[..12];

    private DockerCli Docker => engine.Docker;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Docker.RunAsync("rm", "--force", _name);

    [Fact]
    public async Task Run_WithSyslog_SendsAcrossRotationsAndKeepsTheLogReadable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await Docker.GetAsync(
            "run", "--detach", "--name", _name, "--log-driver", "syslog", "--log-opt", $"syslog-address=tcp://127.0.0.1:{port}", "--log-opt",
            "tag={{.Name}}", "--log-opt", "cache-max-size=20k", "--log-opt", "cache-max-file=100",
            "busybox", "sh", "-c", "i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); [ $((i%200)) -eq 0 ] && sleep 0.1; done");

        using var deadline = new CancellationTokenSource(TestSettings.Within(TimeSpan.FromSeconds(60)));
        using var client = await listener.AcceptTcpClientAsync(deadline.Token);
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
        for (var number = 0; number < 3000; number++)
        {
            var line = await reader.ReadLineAsync(deadline.Token);
            Assert.EndsWith($"]: line {number}", line);
            Assert.Contains($" {_name}[", line);
        }

        Assert.Equal("line 2999", await Docker.GetAsync("logs", "--tail", "1", _name));
        Assert.Equal("syslog", await Docker.GetAsync("inspect", "--format", "{{.HostConfig.LogConfig.Type}}", _name));
    }

    [Fact]
    public async Task Run_WithoutALog_RunsAndRefusesToReadOne()
    {
        Assert.Equal("hi", await Docker.GetAsync("run", "--name", _name, "--log-driver", "none", "busybox", "echo", "hi"));

        var refused = await Docker.RunAsync("logs", _name);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("configured logging driver does not support reading", refused.Error);
    }

    [Fact]
    public async Task Logs_WithDetails_ShowTheChosenLabelsAndVariables()
    {
        await Docker.GetAsync(
            "run", "--name", _name, "--label", "team=core", "--env", "MODE=a b", "--log-opt", "labels=team", "--log-opt", "env=MODE",
            "busybox", "echo", "hi");

        Assert.Equal("MODE=a+b,team=core hi", await Docker.GetAsync("logs", "--details", _name));
    }

    [Fact]
    public async Task Logs_Rotating_LoseAndDoubleNoLineForWhoFollows()
    {
        await Docker.GetAsync(
            "run", "--detach", "--name", _name, "--log-opt", "max-size=20k", "--log-opt", "max-file=1000", "busybox", "sh", "-c",
            "i=0; while [ $i -lt 6000 ]; do echo $i; i=$((i+1)); [ $((i%500)) -eq 0 ] && sleep 0.2; done");

        var followed = await Docker.RunAsync("logs", "--follow", _name);
        var read = await Docker.RunAsync("logs", _name);

        var expected = string.Concat(Enumerable.Range(0, 6000).Select(number => $"{number}\n"));
        Assert.Equal(expected, followed.Output);
        Assert.Equal(expected, read.Output);
    }

    [Fact]
    public async Task Logs_OfBinaryAndOfALineOfAMegabyte_AreTheSameBytes()
    {
        await Docker.GetAsync(
            "run", "--detach", "--name", _name, "busybox", "sh", "-c",
            "head -c 1048576 /dev/zero | tr '\\0' x; echo; printf 'a\\001\\033[0m\\tb'");
        await Docker.GetAsync("wait", _name);

        var read = await Docker.RunAsync("logs", _name);

        Assert.Equal(new string('x', 1 << 20) + "\na\u0001\u001b[0m\tb", read.Output);
    }

    [Fact]
    public async Task Follow_AcrossARestart_GoesOn()
    {
        await Docker.GetAsync(
            "run", "--detach", "--name", _name, "--stop-signal", "KILL", "busybox", "sh", "-c",
            "if [ -e /second ]; then echo second; else touch /second; echo first; sleep 1000; fi");
        using var following = Docker.Start("docker", ["logs", "--follow", _name]);
        Assert.Equal("first", await following.StandardOutput.ReadLineAsync().WaitAsync(TestSettings.Within(TimeSpan.FromSeconds(30))));
        await Docker.GetAsync("restart", _name);

        Assert.Equal("second", await following.StandardOutput.ReadLineAsync().WaitAsync(TestSettings.Within(TimeSpan.FromSeconds(30))));
        await following.WaitForExitAsync().WaitAsync(TestSettings.Within(TimeSpan.FromSeconds(30)));
    }
}
