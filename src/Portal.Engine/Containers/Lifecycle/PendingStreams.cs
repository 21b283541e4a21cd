using Portal.Engine.Runtime;

namespace Portal.Engine.Containers.Lifecycle;

/// <summary>The streams of a process that does not exist yet. Reads and writes wait until it does; if it never will, they end.</summary>
internal sealed class PendingStreams(bool terminal, Action<PendingStreams> forget) : IProcessStreams
{
    private readonly TaskCompletionSource<IProcessStreams?> _real =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsTerminal { get; } = terminal;

    public async ValueTask<OutputChunk?> ReadAsync(CancellationToken cancellationToken = default)
    {
        var real = await _real.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return real is null ? null : await real.ReadAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken = default)
    {
        var real = await _real.Task.WaitAsync(cancellationToken).ConfigureAwait(false)
            ?? throw new IOException("The container did not start; there is no process to write to.");
        await real.WriteAsync(input, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask CloseInputAsync(CancellationToken cancellationToken = default)
    {
        if (await _real.Task.WaitAsync(cancellationToken).ConfigureAwait(false) is { } real)
        {
            await real.CloseInputAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        forget(this);
        Abandon();
        if (await _real.Task.ConfigureAwait(false) is { } real)
        {
            await real.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Connects to the process. Takes the streams over, and ends them at once when the client has gone.</summary>
    internal async ValueTask ConnectAsync(IProcessStreams real)
    {
        if (!_real.TrySetResult(real))
        {
            await real.DisposeAsync().ConfigureAwait(false);
        }
    }

    internal void Abandon() => _real.TrySetResult(null);
}
