using System.Text;
using System.Threading.Channels;
using Portal.Engine.Runtime;

namespace Portal.Engine.Api.Tests.Fakes;

/// <summary>A process whose output a test writes and whose input it reads.</summary>
internal sealed class FakeProcessStreams(bool terminal = false) : IProcessStreams
{
    private readonly Channel<OutputChunk> _output = Channel.CreateUnbounded<OutputChunk>();
    private readonly Channel<string> _input = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsTerminal => terminal;

    /// <summary>What the client sent; completed when its input was closed.</summary>
    public ChannelReader<string> Input => _input.Reader;

    public Task Disposed => _disposed.Task;

    public void Say(string text, OutputSource source = OutputSource.Stdout)
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
        return _input.Writer.WriteAsync(Encoding.UTF8.GetString(input.Span), cancellationToken);
    }

    public ValueTask CloseInputAsync(CancellationToken cancellationToken = default)
    {
        _input.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _disposed.TrySetResult();
        return ValueTask.CompletedTask;
    }
}
