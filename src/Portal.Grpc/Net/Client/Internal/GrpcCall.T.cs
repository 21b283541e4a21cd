using Grpc.Core;
using Grpc.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>A running call.</summary>
internal sealed class GrpcCall<TRequest, TResponse>(
    GrpcChannel channel,
    Method<TRequest, TResponse> method,
    string? host,
    CallOptions options) : GrpcCall(channel, options)
    where TRequest : class
    where TResponse : class
{
    private HttpRequestMessage? _request;
    private HttpResponseMessage? _response;
    private ResponseMessageReader? _reader;
    private Task<bool> _started = Task.FromResult(false);

    public Method<TRequest, TResponse> Method => method;

    public HttpContent? CreateUnaryContent(TRequest request)
    {
        var context = new FrameSerializationContext(Channel.MaxSendMessageSize);
        try
        {
            method.RequestMarshaller.ContextualSerializer(request, context);
            _ = context.Frame;
            return new UnaryRequestContent(context);
        }
        catch (Exception exception)
        {
            context.Dispose();
            Fail(exception is RpcException ? exception : WireErrors.Internal("Failed to serialize the request.", exception));
            return null;
        }
    }

    /// <summary>Sends the request and reads the one response.</summary>
    public async Task<TResponse> RunSingleResponseAsync(HttpContent? content)
    {
        if (!await StartAsync(content).ConfigureAwait(false))
        {
            throw ToException();
        }

        var response = await ReadAsync().ConfigureAwait(false);
        if (response is null)
        {
            throw GetStatus().StatusCode == StatusCode.OK
                ? WireErrors.Internal("The call ended with status OK but without a response message.")
                : ToException();
        }

        var second = await ReadAsync().ConfigureAwait(false);
        if (second is not null)
        {
            Fail(WireErrors.Internal("Unexpected data after finished reading message."));
        }

        return GetStatus().StatusCode == StatusCode.OK ? response : throw ToException();
    }

    /// <summary>Sends the request; what follows is read by <see cref="ReadNextAsync"/>.</summary>
    public void StartStreamingResponse(HttpContent? content) => _started = StartAsync(content);

    /// <summary>Reads the next response of a stream; null when the call ended with OK.</summary>
    public async ValueTask<TResponse?> ReadNextAsync()
    {
        TResponse? message = null;
        if (await _started.ConfigureAwait(false))
        {
            message = await ReadAsync().ConfigureAwait(false);
        }

        return message is not null || GetStatus().StatusCode == StatusCode.OK ? message : throw ToException();
    }

    protected override void Release()
    {
        _reader?.Dispose();
        _response?.Dispose();
        _request?.Dispose();
    }

    /// <summary>Sends the request up to the headers of the response; false when the call ended with that.</summary>
    private async Task<bool> StartAsync(HttpContent? content)
    {
        try
        {
            Watch();
            if (Finished || content is null)
            {
                content?.Dispose();
                return false;
            }

            _request = RequestHead.Create(Channel.GetUri(method), host, Options.Headers, FormatTimeout(), content);
            _response = await Channel.SendAsync(_request, Token).ConfigureAwait(false);
            SetResponseHeaders(ResponseHead.ReadMetadata(_response));
            if (ResponseHead.TryReadEnd(_response, out var status, out var trailers))
            {
                Finish(status, trailers, cancel: true);
                return false;
            }

            var body = await _response.Content.ReadAsStreamAsync(Token).ConfigureAwait(false);
            _reader = new ResponseMessageReader(body, ResponseHead.GetEncoding(_response), Channel.MaxReceiveMessageSize);
            return true;
        }
        catch (Exception exception)
        {
            Fail(exception);
            return false;
        }
        finally
        {
            ReleaseIfFinished();
        }
    }

    /// <summary>Reads a message; null when the call ended, with whatever status.</summary>
    private async ValueTask<TResponse?> ReadAsync()
    {
        if (Finished)
        {
            return null;
        }

        try
        {
            var message = await _reader!
                .ReadAsync(method.ResponseMarshaller.ContextualDeserializer, Token).ConfigureAwait(false);
            if (message is null)
            {
                var (status, trailers) = ResponseHead.ReadTrailers(_response!);

                // Requests that still go out have no reader any more; without any the stream is complete.
                Finish(status, trailers, cancel: _request!.Content is StreamRequestContent);
            }

            return message;
        }
        catch (Exception exception)
        {
            Fail(exception);
            return null;
        }
    }

    /// <summary>A call that ended while it was sent could not give back what came only after its end.</summary>
    private void ReleaseIfFinished()
    {
        if (Finished)
        {
            Release();
        }
    }
}
