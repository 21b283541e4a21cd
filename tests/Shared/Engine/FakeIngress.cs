using System.Collections.Concurrent;
using Portal.Engine.Networks.Ingress;

namespace Portal.Testing.Engine;

/// <summary>Keeps what is said of containers behind ports of every node.</summary>
public sealed class FakeIngress : IIngress
{
    /// <summary>What was said, in order.</summary>
    public ConcurrentQueue<(string ContainerId, string State)> Told { get; } = new();

    /// <summary>Awaited by <see cref="LeaveAsync"/>.</summary>
    public Func<CancellationToken, Task> OnLeave { get; set; } = _ => Task.CompletedTask;

    public void Serve(string containerId, bool isReady) => Told.Enqueue((containerId, isReady ? "ready" : "away"));

    public async Task LeaveAsync(string containerId, Action leaving, CancellationToken cancellationToken = default)
    {
        Told.Enqueue((containerId, "leaving"));
        leaving();
        await OnLeave(cancellationToken);
    }
}
