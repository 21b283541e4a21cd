using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Linux.Runtime;
using Portal.Engine.Linux.Runtime.Conmon;
using Portal.Engine.Runtime;

namespace Portal.Engine.Linux.Tests.Runtime;

/// <summary>Monitors that are spawned before there is anything to monitor.</summary>
public sealed class WaitingMonitorTests : IAsyncLifetime
{
    private RuntimeBench _bench = null!;

    public async Task InitializeAsync() => _bench = await RuntimeBench.CreateAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Theory]
    [InlineData("crun")]
    [InlineData("runc")]
    public async Task Create_Expected_GoesOnWithTheMonitorThatWaits(string runtime)
    {
        var container = _bench.DescribeShell("echo here; exit 3") with { Runtime = runtime };
        var monitor = await ExpectAsync(RuntimeExpectation.Of(container));

        var (exit, output) = await _bench.RunAsync(container);

        Assert.Equal((3, "here\n"), (exit.ExitCode, output));
        Assert.False(IsThere(monitor));
    }

    [Fact]
    public async Task Create_NamespaceComesLate_IsWaitedFor()
    {
        var ready = new TaskCompletionSource();
        var container = _bench.Describe("true") with { Ready = ready.Task };
        await ExpectAsync(RuntimeExpectation.Of(container));

        var creating = _bench.Runtime.CreateAsync(container);
        var bundle = Folder(container.Id).Config;
        await RuntimeBench.UntilAsync(() => File.Exists(bundle), "the bundle is written");

        Assert.Null(Folder(container.Id).ReadPid());
        ready.SetResult();
        Assert.True(await creating > 0);
    }

    [Fact]
    public async Task Create_WhatItNeedsFails_LeavesNothing()
    {
        var container = _bench.Describe("true") with { Ready = Task.FromException(new InvalidOperationException("no namespace")) };
        await ExpectAsync(RuntimeExpectation.Of(container));

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => _bench.Runtime.CreateAsync(container));

        Assert.Equal("no namespace", failure.Message);
        AssertNothingIsLeft(container.Id);
    }

    [Fact]
    public async Task Create_ExpectedOtherwise_GetsAnotherMonitor()
    {
        var container = _bench.DescribeShell("echo here");
        var monitor = await ExpectAsync(RuntimeExpectation.Of(container) with { OpenStdin = true });

        var creating = _bench.RunAsync(container);

        Assert.Equal("here\n", (await creating).Output);
        Assert.False(IsThere(monitor));
    }

    [Fact]
    public async Task Delete_Expected_EndsTheMonitor()
    {
        var id = RuntimeBench.NewId();
        await ExpectAsync(RuntimeExpectation.Of(_bench.Describe("true")) with { ContainerId = id });

        await _bench.Runtime.DeleteAsync(id);

        AssertNothingIsLeft(id);
    }

    [Fact]
    public async Task Collect_EngineWentBeforeTheBundleWasThere_LeavesNothing()
    {
        var id = RuntimeBench.NewId();
        var request = new MonitorRequest
        {
            ContainerId = id,
            Folder = Folder(id),
            Runtime = await _bench.Services.GetRequiredService<RuntimeSelector>().GetAsync(default),
            Terminal = false,
            Stdin = true,
            LeaveStdinOpen = false,
            LogPath = _bench.LogPath(id),
        };
        _bench.Services.GetRequiredService<RuntimeLayout>().MakeFolders();
        request.Folder.Make();
        var launch = _bench.Services.GetRequiredService<MonitorLauncher>().Begin(request);

        // As the kernel does when the engine is killed.
        launch.Start.Dispose();
        launch.Finish();
        await _bench.NewRuntime().CollectAsync(new HashSet<string>());

        AssertNothingIsLeft(id);
        launch.Dispose();
    }

    private ProcessFolder Folder(string id) => _bench.Services.GetRequiredService<RuntimeLayout>().Container(id);

    private async Task<int> ExpectAsync(RuntimeExpectation expected)
    {
        _bench.Runtime.Expect(expected);
        await RuntimeBench.UntilAsync(() => Monitors(expected.ContainerId).Count == 1, "a monitor waits");
        return Monitors(expected.ContainerId)[0];
    }

    private List<int> Monitors(string id) =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var process) ? process : 0)
            .Where(process => process > 0 && MonitorProcess.IsOf(process, Folder(id)))];

    private static bool IsThere(int process) => Directory.Exists($"/proc/{process}");

    private void AssertNothingIsLeft(string id)
    {
        Assert.Empty(Monitors(id));
        Assert.False(Folder(id).Exists);
    }
}
