using Portal.Engine.Errors;
using Portal.Engine.Linux.Runtime;
using Portal.Engine.Runtime;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Runtime;

/// <summary>Starts of containers, which go past the runtime's own command.</summary>
public sealed class StartGateTests : IAsyncLifetime
{
    private const int Kill = 9;
    private RuntimeBench _bench = null!;

    public async Task InitializeAsync() => _bench = await RuntimeBench.CreateAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Theory]
    [InlineData("crun")]
    [InlineData("runc")]
    public async Task Start_Created_TakesTheGateAway(string runtime)
    {
        var container = Describe(runtime);
        await _bench.Runtime.CreateAsync(container);
        Assert.True(File.Exists(Gate(container)));

        await _bench.Runtime.StartAsync(container.Id);

        Assert.False(File.Exists(Gate(container)));
    }

    [Theory]
    [InlineData("crun")]
    [InlineData("runc")]
    public async Task Status_EngineWasKilledBetweenOpeningAndRemovingTheGate_IsRunning(string runtime)
    {
        var container = Describe(runtime);
        await _bench.Runtime.CreateAsync(container);

        if (runtime == "crun")
        {
            await File.WriteAllBytesAsync(Gate(container), [0]);
        }
        else
        {
            using var gate = new FileStream(Gate(container), FileMode.Open, FileAccess.Read);
            Assert.Equal('0', gate.ReadByte());
        }

        await Eventually.HoldsAsync(
            async () => (await _bench.NewRuntime().GetStatusAsync(container.Id)).State == RuntimeState.Running,
            "the next engine sees it running");
    }

    [Theory]
    [InlineData("crun")]
    [InlineData("runc")]
    public async Task Start_ProcessIsDead_SaysSo(string runtime)
    {
        var container = Describe(runtime);
        await _bench.Runtime.CreateAsync(container);
        await _bench.Runtime.KillAsync(container.Id, Kill);
        await _bench.WaitAsync(container.Id);

        var failure = await Assert.ThrowsAsync<EngineException>(() => _bench.Runtime.StartAsync(container.Id));

        Assert.Contains("OCI runtime start failed", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("crun")]
    [InlineData("runc")]
    public async Task Start_Twice_Fails(string runtime)
    {
        var container = Describe(runtime);
        await _bench.StartAsync(container);

        await Assert.ThrowsAsync<EngineException>(() => _bench.Runtime.StartAsync(container.Id));
    }

    [Theory]
    [InlineData("crun")]
    [InlineData("runc")]
    public async Task Delete_Running_LeavesNothingOfItsState(string runtime)
    {
        var container = Describe(runtime);
        await _bench.StartAsync(container);

        await _bench.Runtime.DeleteAsync(container.Id);

        Assert.False(Directory.Exists(Path.GetDirectoryName(Gate(container))));
    }

    [Theory]
    [InlineData("crun")]
    [InlineData("runc")]
    public async Task Status_Created_IsNotTakenForRunning(string runtime)
    {
        var container = Describe(runtime);
        await _bench.Runtime.CreateAsync(container);

        Assert.Equal(RuntimeState.Created, (await _bench.NewRuntime().GetStatusAsync(container.Id)).State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Open_NoGate_LeavesItToTheRuntime(bool isCrun) =>
        Assert.Null(StartGate.Open(Path.GetTempPath(), Environment.ProcessId, isCrun, TimeSpan.FromSeconds(1)));

    [Fact]
    public async Task Open_CrunsGateWithoutReader_SaysSo()
    {
        var folder = Directory.CreateTempSubdirectory("portal-gate-");
        try
        {
            await Tool.RunAsync("mkfifo", Path.Combine(folder.FullName, "exec.fifo"));

            Assert.False(StartGate.Open(folder.FullName, Environment.ProcessId, isCrun: true, TimeSpan.FromSeconds(1)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private RuntimeContainer Describe(string runtime) => _bench.Describe("sleep", "1000") with { Runtime = runtime };

    private string Gate(RuntimeContainer container) => Path.Combine(_bench.RunRoot, "oci", container.Id, "exec.fifo");
}
