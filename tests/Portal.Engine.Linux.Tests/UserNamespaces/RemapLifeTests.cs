using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Tests.Containers;

namespace Portal.Engine.Linux.Tests.UserNamespaces;

/// <summary>Engines that come and go while containers have ids of their own.</summary>
public sealed class RemapLifeTests : IAsyncLifetime
{
    private readonly MappedEngineFixture _fixture = new();

    private KernelEngine Engine => _fixture.Engine;

    public Task InitializeAsync() => _fixture.InitializeAsync();

    public Task DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Restart_OfTheEngine_FindsContainerAndCanStartItAgain()
    {
        var id = await Engine.RunAsync("echo begun; sleep 1000");
        await Engine.RestartAsync();

        Assert.Equal(ContainerState.Running, (await Engine.Containers.InspectAsync(id)).State);
        await Engine.Containers.StopAsync(id, TimeSpan.Zero);
        await Engine.Containers.StartAsync(id);
        Assert.Equal(ContainerState.Running, (await Engine.Containers.InspectAsync(id)).State);
    }

    [Fact]
    public async Task Reboot_ThenStart_HasTheSameIds()
    {
        var id = await Engine.RunAsync("cat /proc/self/uid_map", spec => spec with { UsernsMode = "auto:size=1000" });
        await Engine.Containers.WaitAsync(id);
        await Engine.EndAsync();
        await Engine.Instance.RebootAsync();
        await Engine.BeginAsync();
        await Engine.Containers.StartAsync(id);
        await Engine.Containers.WaitAsync(id);

        var lines = (await Engine.LogAsync(id)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Equal(lines[0], lines[1]);
    }

    [Fact]
    public async Task Remove_LeavesNothing()
    {
        var id = await Engine.RunAsync("sleep 1000");
        Assert.Contains(File.ReadLines("/proc/self/mountinfo"), line => line.Contains($"userns/{id}"));
        await Engine.Containers.RemoveAsync(id, force: true);

        Assert.DoesNotContain(File.ReadLines("/proc/self/mountinfo"), line => line.Contains(id));
        foreach (var folder in new[] { "userns", "netns", "mapped", "c" })
        {
            Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(Engine.Instance.RunRoot, folder)));
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(Engine.Instance.DataRoot, "overlay/staging")));
    }

    [Fact]
    public async Task Start_NamespaceOfOneThatNobodyKnows_IsCollected()
    {
        var id = await Engine.RunAsync("sleep 1000");
        await Engine.EndAsync();
        Directory.Delete(Path.Combine(Engine.Instance.DataRoot, "containers", id), recursive: true);
        await Engine.BeginAsync();

        Assert.DoesNotContain(File.ReadLines("/proc/self/mountinfo"), line => line.Contains(id));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(Engine.Instance.RunRoot, "userns")));
    }

    [Fact]
    public async Task Start_RunFolderThatNobodyMayEnter_SaysWhatHelps()
    {
        File.SetUnixFileMode(Engine.Instance.RunRoot, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var failure = await Assert.ThrowsAsync<EngineException>(() => Engine.RunAsync("true"));

        Assert.Contains($"chmod o+x {Engine.Instance.RunRoot}", failure.Message);
    }
}
