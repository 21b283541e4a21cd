using System.Diagnostics.CodeAnalysis;

namespace Portal.Engine.Containers.Lifecycle;

/// <summary>A lock that is awaited. Not re-entrant.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Without its wait handle, the semaphore holds nothing but memory.")]
internal sealed class AsyncLock
{
    private readonly SemaphoreSlim _semaphore = new(1, 1);

    public async Task<Releaser> AcquireAsync(CancellationToken cancellationToken)
    {
        await _semaphore.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Releaser(_semaphore);
    }

    internal readonly struct Releaser(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }
}
