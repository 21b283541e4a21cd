using Grpc.Core;
using Grpc.Wire;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Messages;

/// <summary>Puts messages into the body of a response, straight into the buffers of the connection.</summary>
internal sealed class ResponseMessageWriter(HttpResponse response, int? maxSendSize)
{
    private PipeSerializationContext? _context;

    /// <summary>Whether any message was written, so that the status has to go into the trailers.</summary>
    public bool HasWritten { get; private set; }

    /// <summary>Whether a message was begun and not completed.</summary>
    public bool Corrupted => _context?.Corrupted ?? false;

    /// <summary>Writes a message without flushing it.</summary>
    public void Write<T>(Action<T, SerializationContext> serializer, T message)
    {
        _context ??= new PipeSerializationContext(response.BodyWriter, maxSendSize);
        _context.Reset();
        try
        {
            serializer(message, _context);
            _context.Finish();
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw WireErrors.Internal("Failed to serialize the message.", exception);
        }
        finally
        {
            HasWritten |= _context.HasWritten;
        }
    }

    /// <summary>Sends what was written; waits while the client's window is full.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        var result = await response.BodyWriter.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (result.IsCompleted || result.IsCanceled)
        {
            throw new CallEndedException(null, cancellationToken);
        }
    }
}
