using Portal.Engine.Hosting;
using Portal.Engine.Linux.Cgroups;
using Portal.Engine.Linux.Runtime;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Runtime;

public sealed class RuntimeTrialTests : IAsyncDisposable
{
    private readonly TestInstance _instance = new();

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    [Fact]
    public async Task Run_FolderWhereNoDeviceCanBeOpened_FindsThatTheRuntimeWorks()
    {
        // As systemd mounts /run.
        await Tool.RunAsync("mount", "-t", "tmpfs", "-o", "nodev,nosuid,mode=755", "none", _instance.RunRoot);
        var options = new EngineOptions { Name = _instance.Name, DataRoot = _instance.DataRoot, RunRoot = _instance.RunRoot };
        var layout = new RuntimeLayout(options);
        layout.MakeFolders();
        var cgroups = new CgroupTree(options, CgroupMounts.Detect());
        var runtime = cgroups.Version == 2 ? "crun" : "runc";

        Assert.Null(await RuntimeTrial.RunAsync(Programs.Find(runtime)!, layout, cgroups, CancellationToken.None));
        await Tool.RunAsync("umount", _instance.RunRoot);
        cgroups.RemoveParent();
    }
}
