using Portal.Engine.Containers;
using Portal.Engine.Runtime;

namespace Portal.Agent.Consoles;

/// <summary>The container's own program: a console that ends leaves it alone.</summary>
internal sealed class AttachedProgram(
    string container, IReadOnlyList<string> command, IProcessStreams streams, IContainers containers) : IConsoleProgram
{
    private readonly CancellationTokenSource _left = new();

    public IReadOnlyList<string> Command => command;

    public bool IsTerminal => streams.IsTerminal;

    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _left.Token);
        try
        {
            return (await streams.ReadAsync(ending.Token).ConfigureAwait(false))?.Data;
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested)
        {
            return null;
        }
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken) =>
        streams.WriteAsync(input, cancellationToken);

    public Task ResizeAsync(TerminalSize size, CancellationToken cancellationToken) =>
        IsTerminal ? containers.ResizeAsync(container, size, cancellationToken) : Task.CompletedTask;

    public Task<int> WaitAsync(CancellationToken cancellationToken) =>
        _left.IsCancellationRequested ? Task.FromResult(0) : containers.WaitAsync(container, cancellationToken: cancellationToken);

    public Task HangUpAsync() => _left.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await streams.DisposeAsync().ConfigureAwait(false);
        _left.Dispose();
    }
}
