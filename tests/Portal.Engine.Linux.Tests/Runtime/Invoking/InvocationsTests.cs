using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Linux.Cgroups;
using Portal.Engine.Linux.Runtime;
using Portal.Engine.Linux.Runtime.Invoking;
using Portal.Engine.Runtime;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Runtime.Invoking;

/// <summary>crun where it sees a version 2 tree beside cgroup version 1, and containers of another runtime than is chosen now.</summary>
public sealed class InvocationsTests : IAsyncLifetime
{
    private RuntimeBench _bench = null!;

    public async Task InitializeAsync() => _bench = await RuntimeBench.CreateAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Theory]
    [InlineData("crun")]
    [InlineData("runc")]
    public async Task Life_EitherRuntime_GoesThroughAllCommands(string runtime)
    {
        var container = _bench.Describe("sleep", "1000") with { Runtime = runtime };
        await _bench.StartAsync(container);

        Assert.Equal((7, "here\n", ""), await _bench.ExecAsync(_bench.DescribeExec(container.Id, "sh", "-c", "echo here; exit 7")));
        await _bench.Runtime.PauseAsync(container.Id);
        Assert.Equal(RuntimeState.Paused, (await _bench.Runtime.GetStatusAsync(container.Id)).State);
        await _bench.Runtime.ResumeAsync(container.Id);
        await _bench.Runtime.UpdateAsync(container.Id, new RuntimeResources { Memory = 100L << 20 });
        await _bench.Runtime.DeleteAsync(container.Id);

        Assert.Equal(RuntimeState.Absent, (await _bench.Runtime.GetStatusAsync(container.Id)).State);
    }

    [Fact]
    public async Task Exec_RecordOfAnOlderEngine_GoesToTheRuntimeThatMadeIt()
    {
        var container = _bench.Describe("sleep", "1000") with { Runtime = "runc" };
        await _bench.StartAsync(container);
        var folder = _bench.Services.GetRequiredService<RuntimeLayout>().Container(container.Id);
        await File.WriteAllTextAsync(folder.Record, $$"""{"Terminal":false,"LogPath":"{{container.LogPath}}"}""");
        Assert.Null(folder.ReadRecord()!.RuntimePath);

        Assert.Equal(0, (await _bench.ExecAsync(_bench.DescribeExec(container.Id, "true"))).ExitCode);
    }

    [Fact]
    public async Task View_OfAHybridHost_HidesTheTreeFromItsUsersAlone()
    {
        // Any mount stands for the tree here.
        var folder = Directory.CreateTempSubdirectory("portal-view-").FullName;
        await Tool.RunAsync("mount", "-t", "tmpfs", "none", folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "inside"), "");
        try
        {
            using (var view = new CgroupView(folder))
            {
                view.Look();
                Assert.Equal("", await Tool.RunAsync("nsenter", $"--mount={view.Path}", "ls", folder));
                Assert.Equal(["inside"], Directory.EnumerateFiles(folder).Select(Path.GetFileName));
            }

            await Eventually.HoldsAsync(
                async () => (await Tool.TryRunAsync("umount", folder)).ExitCode == 0, "nothing holds the mount any more");
        }
        finally
        {
            await Tool.TryRunAsync("umount", folder);
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Of_HybridHost_HidesTheTreeFromCrunAlone()
    {
        var cgroups = new CgroupTree(
            new() { Name = "test", DataRoot = "/nowhere", RunRoot = "/nowhere" },
            CgroupMounts.Of(1, new CgroupHierarchy("/sys/fs/cgroup/memory", ["memory"], false), new CgroupHierarchy("/sys", [], true)));
        var invocations = new Invocations(_bench.Services.GetRequiredService<SealedPrograms>(), cgroups);

        using var crun = invocations.Of(new OciRuntime("crun", "/usr/bin/crun", ""));
        using var runc = invocations.Of(new OciRuntime("runc", "/usr/sbin/runc", ""));

        Assert.Equal("nsenter", Path.GetFileName(crun.Program));
        Assert.Equal(2, crun.Prefix.Count);
        Assert.Equal(("/usr/sbin/runc", 0), (runc.Program, runc.Prefix.Count));
    }
}
