using Portal.Engine.Containers;
using Portal.Testing;
using Portal.Testing.Engine;

namespace Portal.Engine.Tests.Containers;

/// <summary>Execs that an engine began which is not there any more: nobody asks for them, and nothing of them may stay.</summary>
public sealed class LeftExecTests : IAsyncLifetime
{
    private FakeEngine _engine = null!;

    public async Task InitializeAsync() => _engine = await FakeEngine.StartAsync();

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task End_WhileNoEngineWasThere_NextOneRemovesWhatIsLeft()
    {
        var (container, exec) = await StartAsync();
        await _engine.EndAsync();
        _engine.Runtime.EndExec(container, exec, 3);
        Assert.Equal([exec], _engine.Runtime.EndedExecs);

        await _engine.BeginAsync();

        await Eventually.HoldsAsync(() => _engine.Runtime.EndedExecs.Count == 0, "what is left of it is removed");
    }

    [Fact]
    public async Task End_UnderTheNextEngine_RemovesWhatIsLeft()
    {
        var (container, exec) = await StartAsync();
        await _engine.RestartAsync();

        _engine.Runtime.EndExec(container, exec, 3);

        await Eventually.HoldsAsync(() => _engine.Runtime.EndedExecs.Count == 0, "what is left of it is removed");
        Assert.Equal(ContainerState.Running, (await _engine.Containers.InspectAsync(container)).State);
    }

    private async Task<(string Container, string Exec)> StartAsync()
    {
        var container = (await _engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox" })).Id;
        await _engine.Containers.StartAsync(container);
        var exec = await _engine.Execs.CreateAsync(container, new ExecSpec { Command = ["sleep", "1000"] });
        await _engine.Execs.StartAsync(exec, detach: true);
        return (container, exec);
    }
}
