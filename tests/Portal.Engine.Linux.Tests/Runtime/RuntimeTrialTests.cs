using Microsoft.Extensions.Logging.Abstractions;
using Portal.Engine.Hosting;
using Portal.Engine.Linux.Cgroups;
using Portal.Engine.Linux.Runtime;
using Portal.Engine.Linux.Runtime.Invoking;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Runtime;

public sealed class RuntimeTrialTests : IAsyncDisposable
{
    private readonly TestInstance _instance = new();

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    [Theory]
    [InlineData("crun")]
    [InlineData("runc")]
    public async Task Run_FolderWhereNoDeviceCanBeOpened_FindsThatTheRuntimeWorks(string runtime)
    {
        // As systemd mounts /run.
        await Tool.RunAsync("mount", "-t", "tmpfs", "-o", "nodev,nosuid,mode=755", "none", _instance.RunRoot);
        var options = new EngineOptions { Name = _instance.Name, DataRoot = _instance.DataRoot, RunRoot = _instance.RunRoot };
        var layout = new RuntimeLayout(options);
        layout.MakeFolders();
        var cgroups = new CgroupTree(options, CgroupMounts.Detect());
        using var programs = new SealedPrograms(NullLogger<SealedPrograms>.Instance);

        var invocations = new Invocations(programs, cgroups);
        var tried = new OciRuntime(runtime, Programs.Find(runtime)!, "");

        Assert.Null(await RuntimeTrial.RunAsync(tried, invocations, layout, cgroups, CancellationToken.None));
        await Tool.RunAsync("umount", _instance.RunRoot);
        cgroups.RemoveParent();
    }
}
