using Portal.Engine.Runtime;

namespace Portal.Engine.Linux.Runtime.Conmon;

/// <summary>
/// The streams of an exec whose output is kept. Its output is read from what the monitor wrote down, and the connection to the monitor tells when there
/// is more: so every byte has the same position for this engine and for the next one, and none comes twice where one takes over from the other.
/// </summary>
/// <remarks>conmon writes what it read down before it sends it on, and waits for whoever does not read what it sends.</remarks>
internal sealed class KeptStreams(MonitorStreams? live, KeptOutput output) : IProcessStreams
{
    private bool _isOver = live is null;

    public bool IsTerminal => true;

    public async ValueTask<OutputChunk?> ReadAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (output.Read() is { Length: > 0 } data)
            {
                return new OutputChunk(OutputSource.Stdout, data);
            }

            if (_isOver)
            {
                return null;
            }

            _isOver = await live!.ReadAsync(cancellationToken).ConfigureAwait(false) is null;
        }
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken = default) =>
        live?.WriteAsync(input, cancellationToken) ?? throw new IOException("The process has ended.");

    public ValueTask CloseInputAsync(CancellationToken cancellationToken = default) => live?.CloseInputAsync(cancellationToken) ?? default;

    public async ValueTask DisposeAsync()
    {
        await (live?.DisposeAsync() ?? default).ConfigureAwait(false);
        output.Dispose();
    }
}
