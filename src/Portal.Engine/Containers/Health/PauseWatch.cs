using Portal.Engine.Containers.Lifecycle;

namespace Portal.Engine.Containers.Health;

/// <summary>Notices that a container was paused, however briefly, while somebody waited for something else.</summary>
internal sealed class PauseWatch : IDisposable
{
    private readonly Container _container;
    private readonly SemaphoreSlim _changed = new(0);
    private volatile bool _wasPaused;

    public PauseWatch(Container container)
    {
        _container = container;
        container.Changed += Look;
        Look();
    }

    /// <summary>True when it was paused since <see cref="AwaitRunningAsync"/> returned.</summary>
    public bool WasPaused => _wasPaused;

    /// <summary>Waits until it is not paused.</summary>
    public async Task AwaitRunningAsync(CancellationToken cancellationToken)
    {
        while (_container.Record.State == ContainerState.Paused)
        {
            await _changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        _wasPaused = false;
        Look();
    }

    public void Dispose()
    {
        _container.Changed -= Look;
    }

    private void Look()
    {
        _wasPaused |= _container.Record.State == ContainerState.Paused;
        _changed.Release();
    }
}
