using Grpc.Core;
using Grpc.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>The client's stream of requests.</summary>
internal sealed class RequestStreamWriter<TRequest, TResponse>(
    GrpcCall<TRequest, TResponse> call,
    StreamRequestContent content) : IClientStreamWriter<TRequest>
    where TRequest : class
    where TResponse : class
{
    private int _writing;
    private volatile bool _completed;

    public WriteOptions? WriteOptions { get; set; } = call.Options.WriteOptions;

    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        Begin("Can't write the message because the previous write is in progress.");
        try
        {
            // The API has it that cancelling a write cancels the call: half a message cannot be taken back.
            using var registration = cancellationToken.UnsafeRegister(
                static state => ((GrpcCall)state!).CancelByCaller(), call);
            await WriteFrameAsync(message).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw ToCallException(exception);
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }

    public Task CompleteAsync()
    {
        Begin("Can't complete the client stream writer because the previous write is in progress.");
        _completed = true;
        content.Complete();
        Volatile.Write(ref _writing, 0);
        return Task.CompletedTask;
    }

    private void Begin(string busy)
    {
        if (_completed)
        {
            throw new InvalidOperationException("Request stream has already been completed.");
        }

        if (Interlocked.Exchange(ref _writing, 1) != 0)
        {
            throw new InvalidOperationException(busy);
        }
    }

    private async ValueTask WriteFrameAsync(TRequest message)
    {
        if (call.Finished)
        {
            throw new InvalidOperationException("Can't write the message because the call is complete.");
        }

        using var context = new FrameSerializationContext(call.Channel.MaxSendMessageSize);
        call.Method.RequestMarshaller.ContextualSerializer(message, context);
        var stream = await content.StreamTask.WaitAsync(call.Token).ConfigureAwait(false);
        await stream.WriteAsync(context.Frame, call.Token).ConfigureAwait(false);
        if (((WriteOptions?.Flags ?? default) & WriteFlags.BufferHint) == 0)
        {
            await stream.FlushAsync(call.Token).ConfigureAwait(false);
        }
    }

    /// <summary>The status of the call says more than the failure of one write; that alone does not end the call.</summary>
    private Exception ToCallException(Exception exception)
    {
        if (!call.Finished)
        {
            return new RpcException(StatusMapping.FromException(exception));
        }

        return call.GetStatus().StatusCode == StatusCode.OK
            ? new InvalidOperationException("Can't write the message because the call is complete.", exception)
            : call.ToException();
    }
}
