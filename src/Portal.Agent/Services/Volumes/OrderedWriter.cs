using Grpc.Core;

namespace Portal.Agent.Services.Volumes;

/// <summary>Lets several write to one stream of answers, one message after another.</summary>
internal sealed class OrderedWriter<T>(IServerStreamWriter<T> inner) : IServerStreamWriter<T>, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    public WriteOptions? WriteOptions
    {
        get => inner.WriteOptions;
        set => inner.WriteOptions = value;
    }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await inner.WriteAsync(message, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
