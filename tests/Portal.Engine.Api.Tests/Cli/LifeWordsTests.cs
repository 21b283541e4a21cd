using System.Diagnostics;
using System.Globalization;
using Portal.Testing;

namespace Portal.Engine.Api.Tests.Cli;

[Collection(EngineCollection.Name)]
public sealed class LifeWordsTests(EngineFixture engine) : IAsyncLifetime
{
    private readonly string _name = $"w{Guid.NewGuid():N}"[..12];

    private DockerCli Docker => engine.Docker;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await Docker.RunAsync("rm", "--force", _name, $"{_name}-2", $"{_name}-b");
        await Docker.RunAsync("network", "rm", _name);
    }

    [Fact]
    public async Task Top_WithArguments_HasTheirColumnsAndNoOtherProcesses()
    {
        await Docker.GetAsync("run", "--detach", "--name", _name, "busybox", "sleep", "1234");

        var top = await Docker.GetAsync("top", _name, "-eo", "pid,user,args");
        Assert.Equal(2, top.Split('\n').Length);
        Assert.Matches(@"^PID\s+USER\s+COMMAND\n\d+\s+root\s+sleep 1234$", top);
        Assert.Contains("Couldn't find PID field in ps output", (await Docker.RunAsync("top", _name, "-eo", "args")).Error);
        Assert.Contains("is not allowed", (await Docker.RunAsync("top", _name, "-eo x=PID")).Error);
        Assert.Contains("ps:", (await Docker.RunAsync("top", _name, "--nonsense")).Error);
    }

    [Fact]
    public async Task Steps_ThatAreNotLegal_AreRefusedInDockersWords()
    {
        await Docker.GetAsync("create", "--name", _name, "busybox", "sleep", "1000");
        foreach (var step in new[] { "pause", "kill", "top" })
        {
            Assert.Contains("is not running", (await Docker.RunAsync(step, _name)).Error);
        }

        Assert.Contains("is not paused", (await Docker.RunAsync("unpause", _name)).Error);
        await Docker.GetAsync("start", _name);
        await Docker.GetAsync("start", _name);
        Assert.Contains("nvalid signal: FOO", (await Docker.RunAsync("kill", "--signal", "FOO", _name)).Error);
        await Docker.GetAsync("kill", "--signal", "SIGRTMIN+3", _name);
        await Docker.GetAsync("kill", "--signal", "28", _name);
        Assert.Contains(
            "Renaming a container with the same name as its current name", (await Docker.RunAsync("rename", _name, _name)).Error);
        await Docker.GetAsync("pause", _name);
        Assert.Contains("is already paused", (await Docker.RunAsync("pause", _name)).Error);
        Assert.Contains("unpause the container before exec", (await Docker.RunAsync("exec", _name, "true")).Error);
        Assert.Contains("paused", (await Docker.RunAsync("attach", _name)).Error);
        await Docker.GetAsync("rm", "--force", _name);
    }

    [Fact]
    public async Task Rename_OnANetwork_IsTheNameThatOthersFind()
    {
        await Docker.GetAsync("network", "create", _name);
        await Docker.GetAsync("run", "--detach", "--name", _name, "--network", _name, "busybox", "sleep", "1000");
        await Docker.GetAsync("run", "--detach", "--name", $"{_name}-b", "--network", _name, "busybox", "sleep", "1000");
        await Docker.GetAsync("exec", $"{_name}-b", "nslookup", _name, await ServerAsync());

        await Docker.GetAsync("rename", _name, $"{_name}-2");

        await Docker.GetAsync("exec", $"{_name}-b", "nslookup", $"{_name}-2", await ServerAsync());
        Assert.NotEqual(0, (await Docker.RunAsync("exec", $"{_name}-b", "nslookup", _name, await ServerAsync())).ExitCode);
    }

    [Fact]
    public async Task Events_OfNetworks_TellOfTheirLifeAndTheirContainers()
    {
        var since = DateTimeOffset.UtcNow.AddSeconds(-1).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        await Docker.GetAsync("network", "create", _name);
        await Docker.GetAsync("run", "--detach", "--name", _name, "busybox", "sleep", "1000");
        await Docker.GetAsync("network", "connect", _name, _name);
        await Docker.GetAsync("network", "disconnect", _name, _name);
        await Docker.GetAsync("network", "rm", _name);

        var told = await Docker.GetAsync(
            "events", "--since", since, "--until", "-1s", "--filter", $"network={_name}",
            "--format", "{{.Type}} {{.Action}} {{.Actor.Attributes.type}}");

        Assert.Equal(["network create bridge", "network connect bridge", "network disconnect bridge", "network destroy bridge"], told.Split('\n'));
    }

    [Fact]
    public async Task Attach_OfSeveralClients_ShowsEachAllOutputAndOneMayLeave()
    {
        await Docker.GetAsync("run", "--detach", "--interactive", "--tty", "--name", _name, "busybox", "cat");
        using var first = Docker.StartOnTerminal("attach", "--detach-keys", "ctrl-x,q", _name);
        using var second = Docker.StartOnTerminal("attach", _name);
        await TypeUntilSeenAsync(first, "from-first", second);
        await TypeUntilSeenAsync(second, "from-second", first);

        await first.StandardInput.WriteAsync("\u0018q");
        await first.StandardInput.FlushAsync();
        await first.WaitForExitAsync().WaitAsync(TestSettings.Within(TimeSpan.FromSeconds(30)));
        await TypeUntilSeenAsync(second, "still-there", second);
        second.Kill(entireProcessTree: true);
        await second.WaitForExitAsync();

        Assert.Equal("true", await Docker.GetAsync("inspect", "--format", "{{.State.Running}}", _name));
    }

    // The CLI says not when it is connected: what is typed before is typed again.
    private static async Task TypeUntilSeenAsync(Process typist, string text, Process reader)
    {
        var seen = SeesAsync(reader, text);
        await Eventually.HoldsAsync(async () =>
        {
            await typist.StandardInput.WriteAsync($"{text}\n");
            await typist.StandardInput.FlushAsync();
            await Task.WhenAny(seen, Task.Delay(TimeSpan.FromMilliseconds(300)));
            return seen.IsCompleted;
        });
        await seen;
    }

    private static async Task SeesAsync(Process reader, string text)
    {
        while (await reader.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }

        throw new EndOfStreamException($"The client ended before it saw '{text}'.");
    }

    private Task<string> ServerAsync() =>
        Docker.GetAsync("inspect", "--format", "{{range .NetworkSettings.Networks}}{{.Gateway}}{{end}}", $"{_name}-b");
}
