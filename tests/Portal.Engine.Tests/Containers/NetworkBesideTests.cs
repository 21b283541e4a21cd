using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Runtime;
using Portal.Testing;
using Portal.Testing.Engine;

namespace Portal.Engine.Tests.Containers;

/// <summary>Networks that are made while the runtime makes the container.</summary>
public sealed class NetworkBesideTests : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TestSettings.Within(TimeSpan.FromSeconds(30));

    private readonly TaskCompletionSource _finish = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FakeEngine _engine = null!;

    public async Task InitializeAsync()
    {
        _engine = await FakeEngine.StartAsync();
        _engine.Networks.OnFinish = _ => _finish.Task;
    }

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task Start_NetworkUnfinished_MakesTheContainerAndRunsNothing()
    {
        var id = await CreateAsync(new ContainerSpec { Image = "busybox" });

        var starting = _engine.Containers.StartAsync(id);
        await Eventually.HoldsAsync(() => Task.FromResult(_engine.Runtime.Known.Contains(id)), "the runtime has made the container");

        Assert.Equal(RuntimeState.Created, _engine.Runtime[id].State);
        Assert.False(starting.IsCompleted);
        _finish.SetResult();
        Assert.True(await starting.WaitAsync(s_patience));
        Assert.Equal(RuntimeState.Running, _engine.Runtime[id].State);
        Assert.NotNull((await _engine.Containers.InspectAsync(id)).Network);
    }

    [Fact]
    public async Task Start_NetworkFailsAfterTheContainerIsMade_SaysWhyAndLeavesNothing()
    {
        var id = await CreateAsync(new ContainerSpec { Image = "busybox" });
        var starting = _engine.Containers.StartAsync(id);
        await Eventually.HoldsAsync(() => Task.FromResult(_engine.Runtime.Known.Contains(id)), "the runtime has made the container");

        _finish.SetException(EngineException.Conflict("no more interfaces"));
        var failure = await Assert.ThrowsAsync<EngineException>(() => starting.WaitAsync(s_patience));

        Assert.Equal("no more interfaces", failure.Message);
        Assert.Equal("no more interfaces", (await _engine.Containers.InspectAsync(id)).Error);
        AssertKernelIsClean();
    }

    [Fact]
    public async Task Start_RuntimeFailsWhileTheNetworkIsMade_CleansUpAfterBoth()
    {
        var id = await CreateAsync(new ContainerSpec { Image = "busybox" });
        var refused = new TaskCompletionSource();
        _engine.Runtime.OnCreate = _ =>
        {
            refused.SetResult();
            throw EngineException.InvalidArgument("no such program");
        };

        var starting = _engine.Containers.StartAsync(id);
        await refused.Task.WaitAsync(s_patience);
        Assert.False(starting.IsCompleted);
        _finish.SetResult();
        var failure = await Assert.ThrowsAsync<EngineException>(() => starting.WaitAsync(s_patience));

        Assert.Equal("no such program", failure.Message);
        AssertKernelIsClean();
    }

    [Theory]
    [InlineData("net.ipv4.conf.eth0.rp_filter", false)]
    [InlineData("kernel.msgmax", true)]
    public async Task Start_SettingOfAnInterface_WaitsForInterfaces(string sysctl, bool isReady)
    {
        var id = await CreateAsync(new ContainerSpec { Image = "busybox", Sysctls = new Dictionary<string, string> { [sysctl] = "1" } });
        var asked = new TaskCompletionSource<bool>();
        _engine.Runtime.OnCreate = container =>
        {
            asked.SetResult(container.Ready.IsCompleted);
            return container.Ready;
        };

        var starting = _engine.Containers.StartAsync(id);
        Assert.Equal(isReady, await asked.Task.WaitAsync(s_patience));
        _finish.SetResult();
        Assert.True(await starting.WaitAsync(s_patience));
    }

    private async Task<string> CreateAsync(ContainerSpec spec) => (await _engine.Containers.CreateAsync(spec)).Id;

    private void AssertKernelIsClean()
    {
        Assert.Empty(_engine.Runtime.Known);
        Assert.Empty(_engine.Networks.Attached);
        Assert.Empty(_engine.Snapshotter.Mounted);
    }
}
