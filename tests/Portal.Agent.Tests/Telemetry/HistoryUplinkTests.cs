using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Agent.Telemetry;
using Portal.Agent.Tests.Fakes;
using Portal.Contracts.Hubs;
using Portal.Testing;

namespace Portal.Agent.Tests.Telemetry;

public sealed class HistoryUplinkTests : IDisposable
{
    private readonly FakeStats _stats = new() { Running = ["a", "b"] };
    private readonly CancellationTokenSource _enough = new(TestSettings.Within(TimeSpan.FromSeconds(20)));

    public void Dispose() => _enough.Dispose();

    [Fact]
    public async Task RunAsync_NobodyWatches_SendsAllContainers()
    {
        var sent = Channel.CreateUnbounded<StatsBatch>();
        var running = RunAsync(batch => sent.Writer.WriteAsync(batch).AsTask());

        var first = await sent.Reader.ReadAsync(_enough.Token);

        Assert.Equal(["a", "b"], first.Samples.Select(sample => sample.ContainerId));
        await _enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task RunAsync_PortalIsOlder_StopsSendingAndEndsNothing()
    {
        var calls = 0;
        var called = new TaskCompletionSource();
        var running = RunAsync(_ =>
        {
            calls++;
            called.TrySetResult();
            throw new HubException("Method does not exist.");
        });
        await called.Task.WaitAsync(_enough.Token);

        Assert.Equal(0, _stats.Readers);
        Assert.False(running.IsCompleted);
        await _enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(1, calls);
    }

    private Task RunAsync(Func<StatsBatch, Task> send) => new HistoryUplink(
            new TelemetrySources(null!, null!, null!, _stats, _stats, null!, TimeProvider.System), send, NullLogger.Instance)
        .RunAsync(_enough.Token);
}
