using System.Text;
using System.Threading.Channels;
using Portal.Engine.Runtime;

namespace Portal.Testing.Engine;

/// <summary>Streams of a process that a test plays.</summary>
public sealed class FakeStreams(bool terminal) : IProcessStreams
{
    private readonly Channel<OutputChunk> _output = Channel.CreateUnbounded<OutputChunk>();

    public bool IsTerminal { get; } = terminal;

    public bool IsInputClosed { get; private set; }

    public bool IsDisposed { get; private set; }

    /// <summary>What was written to the process.</summary>
    public StringBuilder Input { get; } = new();

    public void Send(OutputSource source, string text)
    {
        _output.Writer.TryWrite(new OutputChunk(source, Encoding.UTF8.GetBytes(text)));
    }

    public void End() => _output.Writer.TryComplete();

    public async ValueTask<OutputChunk?> ReadAsync(CancellationToken cancellationToken = default)
    {
        return await _output.Reader.WaitToReadAsync(cancellationToken) && _output.Reader.TryRead(out var chunk) ? chunk : null;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken = default)
    {
        Input.Append(Encoding.UTF8.GetString(input.Span));
        return ValueTask.CompletedTask;
    }

    public ValueTask CloseInputAsync(CancellationToken cancellationToken = default)
    {
        IsInputClosed = true;
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }
}
