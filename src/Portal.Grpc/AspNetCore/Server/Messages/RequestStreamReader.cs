using Grpc.AspNetCore.Server.Internal;
using Grpc.Core;

namespace Grpc.AspNetCore.Server.Messages;

/// <summary>The requests of a call as a stream.</summary>
internal sealed class RequestStreamReader<T>(
    HttpContextServerCallContext call,
    Func<DeserializationContext, T> deserializer) : IAsyncStreamReader<T>
    where T : class
{
    private int _reading;
    private bool _ended;
    private volatile bool _closed;

    public T Current { get; private set; } = null!;

    public void Close() => _closed = true;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (_closed)
        {
            throw new InvalidOperationException("Can't read messages after the request is complete.");
        }

        if (Interlocked.Exchange(ref _reading, 1) != 0)
        {
            throw new InvalidOperationException("Can't read the next message because the previous read is in progress.");
        }

        try
        {
            return !_ended && await ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _reading, 0);
        }
    }

    private async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        using var linked = cancellationToken.CanBeCanceled && cancellationToken != call.CancellationToken
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, call.CancellationToken)
            : null;
        var message = await call.Reader
            .ReadAsync(deserializer, linked?.Token ?? call.CancellationToken).ConfigureAwait(false);
        _ended = message is null;
        Current = message!;
        return message is not null;
    }
}
