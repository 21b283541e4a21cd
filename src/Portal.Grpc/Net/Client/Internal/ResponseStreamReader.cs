using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>The responses of a call as a stream.</summary>
internal sealed class ResponseStreamReader<TRequest, TResponse>(GrpcCall<TRequest, TResponse> call)
    : IAsyncStreamReader<TResponse>
    where TRequest : class
    where TResponse : class
{
    private int _reading;

    public TResponse Current { get; private set; } = null!;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _reading, 1) != 0)
        {
            throw new InvalidOperationException("Can't read the next message because the previous read is in progress.");
        }

        try
        {
            // The API has it that cancelling a read cancels the call.
            using var registration = cancellationToken.UnsafeRegister(
                static state => ((GrpcCall)state!).CancelByCaller(), call);
            var message = await call.ReadNextAsync().ConfigureAwait(false);
            Current = message!;
            return message is not null;
        }
        finally
        {
            Volatile.Write(ref _reading, 0);
        }
    }
}
