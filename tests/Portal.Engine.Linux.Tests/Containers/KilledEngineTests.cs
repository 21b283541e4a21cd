using Portal.Engine.Containers;
using Portal.Engine.Logs;
using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Containers;

/// <summary>An engine is killed with SIGKILL while containers run; the next one finds everything.</summary>
public sealed class KilledEngineTests
{
    private const int Lines = 2000;

    private static readonly string s_counting =
        $"i=0; while [ $i -lt {Lines} ]; do i=$((i+1)); echo line $i; [ $((i % 100)) = 0 ] && sleep 0.1; done; exit 3";

    [Fact]
    public async Task Kill_ContainersRun_NoLineNoExitCodeAndNoRestartIsLost()
    {
        await using var next = new NextEngine();
        var instance = next.Instance;
        string counting, forever, always;
        await using (var killed = await EngineProcess.StartAsync(instance))
        {
            counting = await killed.AskAsync("run No " + s_counting);
            forever = await killed.AskAsync("run No while :; do echo tick; sleep 0.05; done");
            always = await killed.AskAsync("run Always echo run; sleep 0.3; exit 9");
            await killed.KillAsync();
        }

        await Eventually.HoldsAsync(() => !IsMonitored(counting) && !IsMonitored(always), "both have ended without an engine");
        var engine = await next.StartAsync();

        var ended = await engine.Containers.InspectAsync(counting);
        Assert.Equal(ContainerState.Exited, ended.State);
        Assert.Equal(3, ended.ExitCode);
        Assert.Equal(
            string.Concat(Enumerable.Range(1, Lines).Select(line => $"line {line}\n")),
            await engine.LogAsync(counting));
        var running = await engine.Containers.InspectAsync(forever);
        Assert.Equal(ContainerState.Running, running.State);
        Assert.Equal("tick\n", await engine.LogAsync(forever, new LogQuery { Tail = 1 }));
        Assert.NotNull(running.Network);
        await Eventually.HoldsAsync(
            async () => (await engine.Containers.InspectAsync(always)).RestartCount >= 2, "the policy acts again");
        await engine.Containers.StopAsync(forever, TimeSpan.Zero);
        Assert.Equal(137, (await engine.Containers.InspectAsync(forever)).ExitCode);
    }

    [Fact]
    public async Task Kill_AtAnyMoment_NextEngineBringsAllInLine()
    {
        await using var next = new NextEngine();
        var instance = next.Instance;
        var random = new Random(11);
        var kept = new List<string>();
        for (var round = 0; round < 5; round++)
        {
            await using var killed = await EngineProcess.StartAsync(instance);
            kept.Add(await killed.AskAsync("run No sleep 1000"));
            await killed.SendAsync("run No exit 4");
            await killed.SendAsync("stop " + kept[0]);
            await killed.SendAsync("remove " + kept[0]);
            await Task.Delay(random.Next(400));
            await killed.KillAsync();
        }

        var engine = await next.StartAsync();

        foreach (var container in await engine.Containers.ListAsync())
        {
            var state = container.State;
            Assert.True(
                state is ContainerState.Running or ContainerState.Exited or ContainerState.Created,
                $"{container.Id} is {state}");
            if (state == ContainerState.Created)
            {
                await engine.Containers.StartAsync(container.Id);
            }
        }

        foreach (var id in kept.Skip(1))
        {
            Assert.Equal(ContainerState.Running, (await engine.Containers.InspectAsync(id)).State);
        }

        foreach (var container in await engine.Containers.ListAsync())
        {
            await engine.Containers.RemoveAsync(container.Id, force: true);
        }

        var mounts = await File.ReadAllTextAsync("/proc/self/mountinfo");
        Assert.DoesNotContain(instance.DataRoot + "/containers", mounts);
        Assert.All(kept, id => Assert.DoesNotContain(id, mounts));
        Assert.All(kept, id => Assert.False(IsMonitored(id)));
    }

    // conmon has the container's id among its arguments.
    private static bool IsMonitored(string id)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(path[6])))
        {
            try
            {
                if (File.ReadAllText(folder + "/cmdline").Contains(id, StringComparison.Ordinal))
                {
                    return true;
                }
            }
            catch (IOException)
            {
                // It ended meanwhile.
            }
        }

        return false;
    }

    /// <summary>The engine after the killed one. Started at the latest to take everything away, also when a test fails before it.</summary>
}
