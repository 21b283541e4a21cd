using System.IO.Pipelines;

namespace Portal.Engine.Api.Streams;

/// <summary>The two directions of a connection that has left HTTP. Disposing sends what is left and closes it.</summary>
internal sealed class HijackedConnection(PipeReader input, PipeWriter output) : IAsyncDisposable
{
    /// <summary>What the client sends; at its end when the client has ended its side.</summary>
    public PipeReader Input { get; } = input;

    /// <summary>What the client gets. A flush that says "completed" means that the client is gone.</summary>
    public PipeWriter Output { get; } = output;

    public async ValueTask DisposeAsync()
    {
        await Output.CompleteAsync().ConfigureAwait(false);
        await Input.CompleteAsync().ConfigureAwait(false);
    }
}
