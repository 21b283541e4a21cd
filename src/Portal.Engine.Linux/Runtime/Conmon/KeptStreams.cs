using Portal.Engine.Runtime;

namespace Portal.Engine.Linux.Runtime.Conmon;

/// <summary>
/// The streams of an exec whose output is kept. Its output is read from what the monitor wrote down, and the connection to the monitor tells when there
/// is more: so every byte has the same position for this engine and for the next one, and none comes twice where one takes over from the other.
/// </summary>
/// <remarks>
/// conmon writes what it read down before it sends it on, and waits for whoever does not read what it sends. Where it can't write, the disk being full,
/// it says so to nobody and sends on: then what it sends is all there is, and a later engine finds a gap.
/// </remarks>
internal sealed class KeptStreams(MonitorStreams? live, KeptOutput output) : IProcessStreams
{
    private bool _isOver = live is null;

    // How many bytes the file was found to have that the connection has yet to bring. Never below zero while all is written down.
    private long _ahead;
    private ReadOnlyMemory<byte> _sent;
    private bool _isUnwritten;

    public bool IsTerminal => true;

    public async ValueTask<OutputChunk?> ReadAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (!_isUnwritten && output.Read() is { Length: > 0 } data)
            {
                _ahead += data.Length;
                return new OutputChunk(OutputSource.Stdout, data);
            }

            if (_ahead < 0)
            {
                // What is missing is the end of what was sent last.
                _isUnwritten = true;
                var missing = _sent[^(int)-_ahead..];
                _ahead = 0;
                return new OutputChunk(OutputSource.Stdout, missing);
            }

            if (_isOver)
            {
                return null;
            }

            var sent = await live!.ReadAsync(cancellationToken).ConfigureAwait(false);
            _isOver = sent is null;
            _sent = sent?.Data ?? default;
            _ahead -= _sent.Length;
            if (_isUnwritten)
            {
                _ahead = -_sent.Length;
            }
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
