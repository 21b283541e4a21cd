using System.Runtime.ExceptionServices;

namespace Portal.Engine.Distribution.Pushing;

/// <summary>
/// The uploads of one push's layers, each made once: some as soon as they are compressed, while others are being so, the rest when all are
/// there. Disposing stops those that are on their way.
/// </summary>
/// <remarks>One for each push; any thread. The first failure stops the others.</remarks>
internal sealed class LayerUploads : IAsyncDisposable
{
    private readonly SemaphoreSlim _places;
    private readonly CancellationToken _cancellationToken;
    private readonly CancellationTokenSource _stop;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task> _uploads = [];
    private ExceptionDispatchInfo? _failure;

    /// <param name="parallel">How many are made at once.</param>
    /// <param name="cancellationToken">Stops all.</param>
    public LayerUploads(int parallel, CancellationToken cancellationToken)
    {
        _places = new SemaphoreSlim(parallel);
        _cancellationToken = cancellationToken;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>Has a blob uploaded, unless it is so already; returns at once.</summary>
    /// <param name="blob">By which it is known.</param>
    /// <param name="upload">Uploads it, when it is its turn.</param>
    public void Begin(string blob, Func<CancellationToken, Task> upload)
    {
        lock (_gate)
        {
            if (!_uploads.ContainsKey(blob))
            {
                _uploads.Add(blob, Task.Run(() => RunAsync(upload)));
            }
        }
    }

    /// <summary>Waits until all that were begun are made.</summary>
    /// <exception cref="Exception">The first failure.</exception>
    public async Task FinishAsync()
    {
        await AllAsync().ConfigureAwait(false);
        _cancellationToken.ThrowIfCancellationRequested();
        _failure?.Throw();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await AllAsync().ConfigureAwait(false);
        _stop.Dispose();
        _places.Dispose();
    }

    private Task AllAsync()
    {
        lock (_gate)
        {
            return Task.WhenAll(_uploads.Values);
        }
    }

    private async Task RunAsync(Func<CancellationToken, Task> upload)
    {
        try
        {
            await _places.WaitAsync(_stop.Token).ConfigureAwait(false);
            try
            {
                await upload(_stop.Token).ConfigureAwait(false);
            }
            finally
            {
                _places.Release();
            }
        }
        catch (Exception failure)
        {
            // Those that are stopped by it come after it.
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(failure), null);
            await _stop.CancelAsync().ConfigureAwait(false);
        }
    }
}
