namespace Portal.Engine.Volumes;

/// <summary>Runs an action when disposed, once.</summary>
internal sealed class VolumeHold(Action release) : IDisposable
{
    private Action? _release = release;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
