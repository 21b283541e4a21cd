using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Testing;
using Portal.Testing.Engine;

namespace Portal.Engine.Tests.Containers;

public sealed class ExecTests : IAsyncLifetime
{
    private FakeEngine _engine = null!;
    private string _id = null!;

    private IExecs Execs => _engine.Execs;

    public async Task InitializeAsync()
    {
        _engine = await FakeEngine.StartAsync();
        _id = (await _engine.Containers.CreateAsync(new ContainerSpec
        {
            Image = "busybox",
            User = "app",
            WorkingDirectory = "/srv",
            Environment = ["A=1", "B=2"],
        })).Id;
        await _engine.Containers.StartAsync(_id);
    }

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task Start_Described_InheritsFromTheContainer()
    {
        var exec = await Execs.CreateAsync(_id, new ExecSpec { Command = ["ls"], Environment = ["B=3"], Tty = true });
        await using var streams = await Execs.StartAsync(exec);

        var request = Assert.Single(_engine.Runtime.Execs);
        Assert.Equal("app", request.Process.User);
        Assert.Equal("/srv", request.Process.WorkingDirectory);
        Assert.Contains("A=1", request.Process.Environment);
        Assert.Contains("B=3", request.Process.Environment);
        Assert.DoesNotContain("B=2", request.Process.Environment);
        Assert.Contains("TERM=xterm", request.Process.Environment);
        var info = await Execs.InspectAsync(exec);
        Assert.True(info.Running);
        Assert.Null(info.ExitCode);
    }

    [Fact]
    public async Task End_Running_GivesItsCodeAndIsRememberedForAWhile()
    {
        var exec = await Execs.CreateAsync(_id, new ExecSpec { Command = ["ls"] });
        await Execs.StartAsync(exec, detach: true);
        _engine.Runtime.EndExec(_id, exec, 4);

        Assert.Equal(4, await Execs.WaitAsync(exec));
        var info = await Execs.InspectAsync(exec);
        Assert.False(info.Running);
        Assert.Equal(4, info.ExitCode);
        _engine.Time.Advance(TimeSpan.FromMinutes(6));
        await Execs.CreateAsync(_id, new ExecSpec { Command = ["ls"] });
        Assert.Equal(EngineErrorKind.NotFound, (await Assert.ThrowsAsync<EngineException>(() => Execs.InspectAsync(exec))).Kind);
    }

    [Fact]
    public async Task End_OfTheContainer_IsRememberedUntilItsExitCodeIsRead()
    {
        var exec = await Execs.CreateAsync(_id, new ExecSpec { Command = ["sleep"] });
        await Execs.StartAsync(exec, detach: true);
        await _engine.Containers.RemoveAsync(_id, force: true);
        Assert.Equal(137, (await Execs.InspectAsync(exec)).ExitCode);

        _engine.Time.Advance(TimeSpan.FromSeconds(11));
        var other = await _engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox" });
        await _engine.Containers.StartAsync(other.Id);
        await Execs.CreateAsync(other.Id, new ExecSpec { Command = ["ls"] });
        Assert.Equal(EngineErrorKind.NotFound, (await Assert.ThrowsAsync<EngineException>(() => Execs.InspectAsync(exec))).Kind);
    }

    [Fact]
    public async Task Start_OfAProgramThatEndsAtOnce_TellsOfItsStartBeforeItsEnd()
    {
        var before = _engine.Events.LastSequence;
        var exec = await Execs.CreateAsync(_id, new ExecSpec { Command = ["true"] });
        _engine.Runtime.OnExec = async _ =>
        {
            _engine.Runtime.EndExec(_id, exec, 0);
            await Execs.WaitAsync(exec);
        };

        await Execs.StartAsync(exec, detach: true);

        var told = new List<string>();
        using var patience = new CancellationTokenSource(TestSettings.Within(TimeSpan.FromSeconds(20)));
        await foreach (var item in _engine.Events.ReadAsync(before, patience.Token))
        {
            told.Add(item.Action);
            if (told.Count == 3)
            {
                break;
            }
        }

        Assert.Equal(["exec_create: true ", "exec_start: true ", "exec_die"], told);
    }

    [Fact]
    public async Task Start_Twice_IsConflict()
    {
        var exec = await Execs.CreateAsync(_id, new ExecSpec { Command = ["ls"] });
        await Execs.StartAsync(exec, detach: true);

        Assert.Equal(
            EngineErrorKind.Conflict,
            (await Assert.ThrowsAsync<EngineException>(() => Execs.StartAsync(exec))).Kind);
    }

    [Fact]
    public async Task Create_NotRunningOrPausedOrEmpty_IsRefused()
    {
        Assert.Equal(EngineErrorKind.InvalidArgument, await KindAsync(new ExecSpec { Command = [] }));
        await _engine.Containers.PauseAsync(_id);
        Assert.Equal(EngineErrorKind.Conflict, await KindAsync(new ExecSpec { Command = ["ls"] }));
        await _engine.Containers.UnpauseAsync(_id);
        await _engine.Containers.StopAsync(_id);
        Assert.Equal(EngineErrorKind.Conflict, await KindAsync(new ExecSpec { Command = ["ls"] }));
    }

    [Fact]
    public async Task ContainerEnds_RunningExec_EndsAsKilled()
    {
        var exec = await Execs.CreateAsync(_id, new ExecSpec { Command = ["sleep"] });
        await Execs.StartAsync(exec, detach: true);
        _engine.Runtime.End(_id, 0);

        Assert.Equal(137, await Execs.WaitAsync(exec));
    }

    [Fact]
    public async Task Kill_Running_SignalsItsProcess()
    {
        var exec = await Execs.CreateAsync(_id, new ExecSpec { Command = ["sleep"] });
        await Execs.StartAsync(exec, detach: true);
        await Execs.KillAsync(exec, 15);

        Assert.Equal([((await Execs.InspectAsync(exec)).ProcessId, 15)], _engine.Processes.Signals);
    }

    private async Task<EngineErrorKind> KindAsync(ExecSpec spec)
    {
        return (await Assert.ThrowsAsync<EngineException>(() => Execs.CreateAsync(_id, spec))).Kind;
    }
}
