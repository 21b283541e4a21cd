using Portal.Engine.Containers;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Containers;

/// <summary>Binds of what is in the engine's folder, or holds it.</summary>
public sealed class EngineFolderBindTests : IAsyncLifetime
{
    private KernelEngine _engine = null!;

    public async Task InitializeAsync() => _engine = await KernelEngine.StartAsync();

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task Bind_InTheEnginesFolder_FollowsWhatTheHostMountsAndUnmounts()
    {
        var source = Directory.CreateDirectory(Path.Combine(_engine.Instance.DataRoot, "bound")).FullName;
        await Tool.RunAsync("mount", "-t", "tmpfs", "none", source);
        _engine.Instance.OnDispose(() => Tool.RunAsync("umount", "--recursive", source));
        await Tool.RunAsync("mount", "--make-shared", source);
        var later = Directory.CreateDirectory(Path.Combine(source, "later")).FullName;
        var id = await RunAsync(
            "until [ -e /b/later/seen ]; do sleep 0.05; done; [ -e /p/later/seen ] || echo seen; "
            + "while [ -e /b/later/seen ]; do sleep 0.05; done; exit 4",
            [$"{source}:/b", $"{source}:/p:rprivate"]);

        await Tool.RunAsync("mount", "-t", "tmpfs", "none", later);
        await File.WriteAllTextAsync(Path.Combine(later, "seen"), "");
        await Eventually.HoldsAsync(async () => await _engine.LogAsync(id) == "seen\n", "it sees what is mounted, by one of its binds alone");
        await Tool.RunAsync("umount", later);

        Assert.Equal(4, await _engine.Containers.WaitAsync(id));
        var mounts = (await _engine.Containers.InspectAsync(id)).Mounts;
        Assert.Equal(["/b: rslave", "/p: rprivate"], mounts.Select(mount => $"{mount.Destination}: {mount.Propagation}"));
    }

    [Fact]
    public async Task Bind_OfTheHostsRoot_IsASlaveWhetherTheRootPassesMountsOnOrNot()
    {
        var elsewhere = Directory.CreateDirectory(_engine.Instance.TempPath("elsewhere")).FullName;
        var id = await RunAsync("[ -d /host/proc/1 ] && exit 4", ["/:/host", $"{elsewhere}:/other"]);

        Assert.Equal(4, await _engine.Containers.WaitAsync(id));
        var mounts = (await _engine.Containers.InspectAsync(id)).Mounts;
        Assert.Equal(["/host: rslave", "/other: rprivate"], mounts.Select(mount => $"{mount.Destination}: {mount.Propagation}"));
    }

    private Task<string> RunAsync(string script, IReadOnlyList<string> binds) =>
        _engine.RunAsync(script, spec => spec with { Binds = binds, NetworkMode = "none" });
}
