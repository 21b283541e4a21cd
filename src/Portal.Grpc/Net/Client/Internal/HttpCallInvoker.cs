using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>Starts calls on a channel.</summary>
internal sealed class HttpCallInvoker(GrpcChannel channel) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options,
        TRequest request)
    {
        using var call = AsyncUnaryCall(method, host, options, request);
        return call.ResponseAsync.GetAwaiter().GetResult();
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options,
        TRequest request)
    {
        var call = new GrpcCall<TRequest, TResponse>(channel, method, host, options);
        var response = call.RunSingleResponseAsync(call.CreateUnaryContent(request));
        return new AsyncUnaryCall<TResponse>(response, Headers, GetStatus, GetTrailers, End, call);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options,
        TRequest request)
    {
        var call = new GrpcCall<TRequest, TResponse>(channel, method, host, options);
        call.StartStreamingResponse(call.CreateUnaryContent(request));
        var responses = new ResponseStreamReader<TRequest, TResponse>(call);
        return new AsyncServerStreamingCall<TResponse>(responses, Headers, GetStatus, GetTrailers, End, call);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options)
    {
        var call = new GrpcCall<TRequest, TResponse>(channel, method, host, options);
        var content = new StreamRequestContent();
        var requests = new RequestStreamWriter<TRequest, TResponse>(call, content);
        var response = call.RunSingleResponseAsync(content);
        return new AsyncClientStreamingCall<TRequest, TResponse>(
            requests, response, Headers, GetStatus, GetTrailers, End, call);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options)
    {
        var call = new GrpcCall<TRequest, TResponse>(channel, method, host, options);
        var content = new StreamRequestContent();
        var requests = new RequestStreamWriter<TRequest, TResponse>(call, content);
        call.StartStreamingResponse(content);
        var responses = new ResponseStreamReader<TRequest, TResponse>(call);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            requests, responses, Headers, GetStatus, GetTrailers, End, call);
    }

    private static Task<Metadata> Headers(object state) => ((GrpcCall)state).ResponseHeadersAsync;

    private static Status GetStatus(object state) => ((GrpcCall)state).GetStatus();

    private static Metadata GetTrailers(object state) => ((GrpcCall)state).GetTrailers();

    private static void End(object state) => ((GrpcCall)state).Dispose();
}
