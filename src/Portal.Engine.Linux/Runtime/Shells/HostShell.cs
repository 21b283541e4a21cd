using System.Threading.Channels;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Runtime;

namespace Portal.Engine.Linux.Runtime.Shells;

/// <summary>A program on the host, our child, at a pseudo-terminal.</summary>
/// <remarks>
/// A terminal is read by blocking, on a thread of its own: there are few of them. It reads on when what it read has been taken, so that a program
/// whose output nobody takes waits.
/// </remarks>
internal sealed class HostShell : IHostShell
{
    private const int Largest = 32 * 1024;
    private readonly PseudoTerminal _terminal;
    private readonly int _processHandle;
    private readonly Channel<byte[]> _output = Channel.CreateBounded<byte[]>(2);
    private readonly TaskCompletionSource<int> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HostShell(PseudoTerminal terminal, int processId, IReadOnlyList<string> command)
    {
        _terminal = terminal;
        Command = command;

        // Nobody else waits for it, so its number is its own until Wait below has returned.
        _processHandle = ProcessCalls.OpenHandle(processId);
        Start($"shell {processId} out", ReadAll);
        Start($"shell {processId} end", () => _exit.TrySetResult(ProcessCalls.Wait(processId) ?? 0));
    }

    public IReadOnlyList<string> Command { get; }

    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken = default) =>
        await _output.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false) && _output.Reader.TryRead(out var output)
            ? (ReadOnlyMemory<byte>?)output
            : null;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken = default)
    {
        // Blocks while the program reads nothing and the kernel's buffer is full.
        await Task.Run(() => _terminal.Write(input.Span), cancellationToken).ConfigureAwait(false);
    }

    public void Resize(TerminalSize size) => _terminal.Resize(size);

    public void Signal(int signal) => ProcessCalls.SendSignal(_processHandle, signal);

    public Task<int> WaitAsync(CancellationToken cancellationToken = default) => _exit.Task.WaitAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        _output.Writer.TryComplete();
        _terminal.Dispose();
        if (_processHandle >= 0)
        {
            _ = _exit.Task.ContinueWith(_ => ProcessCalls.Close(_processHandle), TaskScheduler.Default);
        }

        return ValueTask.CompletedTask;
    }

    private static void Start(string name, Action work) => new Thread(() => work()) { IsBackground = true, Name = name }.Start();

    private void ReadAll()
    {
        var buffer = new byte[Largest];
        try
        {
            int read;
            while ((read = _terminal.Read(buffer)) > 0)
            {
                _output.Writer.WriteAsync(buffer[..read]).AsTask().GetAwaiter().GetResult();
            }
        }
        catch (Exception failure) when (failure is ObjectDisposedException or ChannelClosedException)
        {
            // This side was closed.
        }

        _output.Writer.TryComplete();
    }
}
