using Grpc.AspNetCore.Server.Internal;
using Grpc.Core;

namespace Grpc.AspNetCore.Server.Messages;

/// <summary>The responses of a call as a stream.</summary>
internal sealed class ResponseStreamWriter<T>(
    HttpContextServerCallContext call,
    Action<T, SerializationContext> serializer) : IServerStreamWriter<T>
    where T : class
{
    private int _writing;
    private volatile bool _closed;

    public WriteOptions? WriteOptions
    {
        get => call.WriteOptions;
        set => call.WriteOptions = value;
    }

    public void Close() => _closed = true;

    public Task WriteAsync(T message) => WriteAsync(message, call.CancellationToken);

    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (_closed)
        {
            throw new InvalidOperationException("Can't write the message because the request is complete.");
        }

        if (Interlocked.Exchange(ref _writing, 1) != 0)
        {
            throw new InvalidOperationException("Can't write the message because the previous write is in progress.");
        }

        try
        {
            await WriteAndFlushAsync(message, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }

    private async ValueTask WriteAndFlushAsync(T message, CancellationToken cancellationToken)
    {
        call.CancellationToken.ThrowIfCancellationRequested();
        cancellationToken.ThrowIfCancellationRequested();
        call.Writer.Write(serializer, message);
        if (((WriteOptions?.Flags ?? default) & WriteFlags.BufferHint) != 0)
        {
            return;
        }

        using var linked = cancellationToken.CanBeCanceled && cancellationToken != call.CancellationToken
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, call.CancellationToken)
            : null;
        await call.Writer.FlushAsync(linked?.Token ?? call.CancellationToken).ConfigureAwait(false);
    }
}
