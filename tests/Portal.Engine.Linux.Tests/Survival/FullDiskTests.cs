using System.Diagnostics;
using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Tests.Containers;
using Portal.Testing;
using Portal.Testing.Survival;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Survival;

/// <summary>A container's log fills the disk that the engine lives on.</summary>
public sealed class FullDiskTests
{
    // Not before it is told to: the first would have filled the disk before the second is started.
    private const string Fill =
        "trap go=1 USR1; until [ $go ]; do sleep 0.1; done; trap '' USR1; while :; do head -c 262144 /dev/zero | tr '\\0' x; echo; done";

    [Fact]
    public async Task Log_FillsTheDisk_EngineServesAndSaysSoAndRoomCanBeMade()
    {
        await using var instance = new TestInstance();
        await Tool.RunAsync("mount", "-t", "tmpfs", "-o", "size=24m,mode=711", "full", instance.DataRoot);
        await using var engine = await KernelEngine.StartAsync(instance);
        var quiet = await engine.RunAsync("sleep 1000");
        var brief = await engine.RunAsync("sleep 1000");
        var loud = await engine.RunAsync(Fill, spec => spec with { LogRotation = new LogRotation(0, 1) });
        var other = await engine.RunAsync(Fill, spec => spec with { LogRotation = new LogRotation(0, 1) });
        var disk = new DriveInfo(instance.DataRoot);
        await Eventually.HoldsAsync(
            async () =>
            {
                // Again and again: a signal that comes before the trap is set is lost.
                await Task.WhenAll(engine.Containers.KillAsync(loud, "SIGUSR1"), engine.Containers.KillAsync(other, "SIGUSR1"));
                return disk.AvailableFreeSpace == 0;
            },
            "the disk is full");

        // What is asked is answered; what needs room is refused, and the refusal says why.
        Assert.Equal(4, (await engine.Containers.ListAsync()).Count);
        Assert.Equal(ContainerState.Running, (await engine.Containers.InspectAsync(quiet)).State);
        var failure = await Assert.ThrowsAsync<EngineException>(
            () => engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox", Command = ["true"] }));
        Assert.Contains("disk is full", failure.ToString(), StringComparison.Ordinal);
        Assert.Equal(4, (await engine.Containers.ListAsync()).Count);

        // What ends of itself is seen to have ended, although there is no room to write it down.
        Process.GetProcessById((await engine.Containers.InspectAsync(brief)).ProcessId).Kill();
        Assert.Equal(137, await engine.Containers.WaitAsync(brief).WaitAsync(TestSettings.Within(TimeSpan.FromMinutes(1))));
        Assert.Equal(ContainerState.Exited, (await engine.Containers.InspectAsync(brief)).State);
        Assert.Equal(0, disk.AvailableFreeSpace);

        // Stopping and removing make room, so they need none.
        await engine.Containers.StopAsync(other, TimeSpan.Zero);
        await engine.Containers.RemoveAsync(loud, force: true);
        await engine.Containers.RemoveAsync(other, force: true);

        Assert.InRange(disk.AvailableFreeSpace, 1, long.MaxValue);
        var next = await engine.RunAsync("echo there is room; exit 3");
        Assert.Equal(3, await engine.Containers.WaitAsync(next));
        Assert.Equal("there is room\n", await engine.LogAsync(next));

        // An engine that comes after this one knows it too.
        var state = Path.Combine(instance.DataRoot, "containers", brief, "state.json");
        await Eventually.HoldsAsync(() => File.ReadAllText(state).Contains("\"exitCode\": 137", StringComparison.Ordinal), "it is written");
        await KernelObjects.SettleAsync(instance, [quiet]);
    }
}
