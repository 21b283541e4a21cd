using System.IO.Pipelines;

namespace Portal.Engine.Api.Streams;

/// <summary>The two directions of a connection that has left HTTP. Disposing sends what is left and closes it.</summary>
/// <param name="input">What the client sends.</param>
/// <param name="output">What it gets.</param>
/// <param name="close">Tells the client that nothing more comes, where the end of the connection does not; null elsewhere.</param>
internal sealed class HijackedConnection(PipeReader input, PipeWriter output, Func<CancellationToken, Task>? close = null)
    : IAsyncDisposable
{
    private static readonly TimeSpan s_closing = TimeSpan.FromSeconds(5);

    /// <summary>What the client sends; at its end when the client has ended its side.</summary>
    public PipeReader Input { get; } = input;

    /// <summary>What the client gets. A flush that says "completed" means that the client is gone.</summary>
    public PipeWriter Output { get; } = output;

    /// <summary>Tells the client that nothing more comes, and waits a little until it has ended its side too.</summary>
    /// <param name="client">Ends when the client's input has.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task CloseAsync(Task client, CancellationToken cancellationToken)
    {
        if (close is not null)
        {
            await close(cancellationToken).ConfigureAwait(false);
            await Task.WhenAny(client, Task.Delay(s_closing, cancellationToken)).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Output.CompleteAsync().ConfigureAwait(false);
        await Input.CompleteAsync().ConfigureAwait(false);
    }
}
