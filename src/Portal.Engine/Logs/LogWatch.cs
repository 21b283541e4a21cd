using Portal.Engine.Containers.Lifecycle;

namespace Portal.Engine.Logs;

/// <summary>All that wakes a reader that follows: the files, the container's state, the end of the wanted time.</summary>
internal sealed class LogWatch : IDisposable
{
    private readonly Container _container;
    private readonly IDisposable _folder;
    private readonly ITimer? _until;
    private readonly LogSignal _signal;

    public LogWatch(Container container, IDisposable folder, ITimer? until, LogSignal signal)
    {
        _container = container;
        _folder = folder;
        _until = until;
        _signal = signal;
        _container.Changed += _signal.Set;
    }

    public void Dispose()
    {
        _container.Changed -= _signal.Set;
        _folder.Dispose();
        _until?.Dispose();
    }
}
