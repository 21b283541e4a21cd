using Portal.Engine.Runtime;

namespace Portal.Agent.Consoles;

/// <summary>A shell on the node. It ends with the agent, whose child it is.</summary>
internal sealed class HostProgram(IHostShell shell, TimeProvider time) : IConsoleProgram
{
    private const int HangUp = 1;
    private const int Kill = 9;
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);

    public IReadOnlyList<string> Command => shell.Command;

    public bool IsTerminal => true;

    public ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken) => shell.ReadAsync(cancellationToken);

    public ValueTask WriteAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken) =>
        shell.WriteAsync(input, cancellationToken);

    public Task ResizeAsync(TerminalSize size, CancellationToken cancellationToken)
    {
        shell.Resize(size);
        return Task.CompletedTask;
    }

    public Task<int> WaitAsync(CancellationToken cancellationToken) => shell.WaitAsync(cancellationToken);

    public async Task HangUpAsync()
    {
        shell.Signal(HangUp);
        using var grace = new CancellationTokenSource(s_grace, time);
        try
        {
            await shell.WaitAsync(grace.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (grace.IsCancellationRequested)
        {
            shell.Signal(Kill);
        }
    }

    public ValueTask DisposeAsync() => shell.DisposeAsync();
}
