using Portal.Engine.Errors;
using Portal.Engine.Linux.Runtime;
using Portal.Engine.Runtime;
using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Runtime;

/// <summary>Starts of containers of runc, which go past its own command.</summary>
public sealed class StartGateTests : IAsyncLifetime
{
    private const int Kill = 9;
    private RuntimeBench _bench = null!;

    public async Task InitializeAsync() => _bench = await RuntimeBench.CreateAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Start_Runc_TakesTheGateAway()
    {
        var container = Describe();
        await _bench.Runtime.CreateAsync(container);
        Assert.True(File.Exists(Gate(container)));

        await _bench.Runtime.StartAsync(container.Id);

        Assert.False(File.Exists(Gate(container)));
    }

    [Fact]
    public async Task Status_EngineWasKilledBetweenOpeningAndRemovingTheGate_IsRunning()
    {
        var container = Describe();
        await _bench.Runtime.CreateAsync(container);

        using (var gate = new FileStream(Gate(container), FileMode.Open, FileAccess.Read))
        {
            Assert.Equal('0', gate.ReadByte());
        }

        await Eventually.HoldsAsync(
            async () => (await _bench.NewRuntime().GetStatusAsync(container.Id)).State == RuntimeState.Running,
            "the next engine sees it running");
    }

    [Fact]
    public async Task Start_ProcessIsDead_SaysSo()
    {
        var container = Describe();
        await _bench.Runtime.CreateAsync(container);
        await _bench.Runtime.KillAsync(container.Id, Kill);
        await _bench.WaitAsync(container.Id);

        var failure = await Assert.ThrowsAsync<EngineException>(() => _bench.Runtime.StartAsync(container.Id));

        Assert.Contains("OCI runtime start failed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_Twice_Fails()
    {
        var container = Describe();
        await _bench.StartAsync(container);

        await Assert.ThrowsAsync<EngineException>(() => _bench.Runtime.StartAsync(container.Id));
    }

    [Fact]
    public async Task Delete_Runc_LeavesNothingOfItsState()
    {
        var container = Describe();
        await _bench.StartAsync(container);

        await _bench.Runtime.DeleteAsync(container.Id);

        Assert.False(Directory.Exists(Path.GetDirectoryName(Gate(container))));
    }

    [Fact]
    public void Open_NoGate_LeavesItToTheRuntime() =>
        Assert.Null(StartGate.Open(Path.GetTempPath(), Environment.ProcessId, TimeSpan.FromSeconds(1)));

    private RuntimeContainer Describe() => _bench.Describe("sleep", "1000") with { Runtime = "runc" };

    private string Gate(RuntimeContainer container) => Path.Combine(_bench.RunRoot, "oci", container.Id, "exec.fifo");
}
