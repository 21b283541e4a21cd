using Grpc.AspNetCore.Server.Messages;
using Grpc.Core;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>How each shape of call reads its requests, runs its handler and writes its responses.</summary>
internal static class CallShapes
{
    public static Func<HttpContextServerCallContext, Task> Unary<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        UnaryServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class => async call =>
        {
            var request = await ReadSingleAsync(call, method).ConfigureAwait(false);
            var response = await handler(request, call).ConfigureAwait(false);
            WriteSingle(call, method, response);
        };

    public static Func<HttpContextServerCallContext, Task> ClientStreaming<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        ClientStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class => async call =>
        {
            var requests = new RequestStreamReader<TRequest>(call, method.RequestMarshaller.ContextualDeserializer);
            var response = await handler(requests, call).ConfigureAwait(false);
            requests.Close();
            WriteSingle(call, method, response);
        };

    public static Func<HttpContextServerCallContext, Task> ServerStreaming<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        ServerStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class => async call =>
        {
            var request = await ReadSingleAsync(call, method).ConfigureAwait(false);
            var responses = new ResponseStreamWriter<TResponse>(call, method.ResponseMarshaller.ContextualSerializer);
            try
            {
                await handler(request, responses, call).ConfigureAwait(false);
            }
            finally
            {
                responses.Close();
            }
        };

    public static Func<HttpContextServerCallContext, Task> DuplexStreaming<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        DuplexStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class => async call =>
        {
            var requests = new RequestStreamReader<TRequest>(call, method.RequestMarshaller.ContextualDeserializer);
            var responses = new ResponseStreamWriter<TResponse>(call, method.ResponseMarshaller.ContextualSerializer);
            try
            {
                await handler(requests, responses, call).ConfigureAwait(false);
            }
            finally
            {
                requests.Close();
                responses.Close();
            }
        };

    private static ValueTask<TRequest> ReadSingleAsync<TRequest, TResponse>(
        HttpContextServerCallContext call,
        Method<TRequest, TResponse> method)
        where TRequest : class =>
        call.Reader.ReadSingleAsync(method.RequestMarshaller.ContextualDeserializer, call.CancellationToken);

    private static void WriteSingle<TRequest, TResponse>(
        HttpContextServerCallContext call,
        Method<TRequest, TResponse> method,
        TResponse response)
        where TResponse : class
    {
        if (response is null)
        {
            throw new RpcException(new Status(StatusCode.Cancelled, "No message returned from method."));
        }

        // A status other than OK goes without a message; nor does one go to a caller that is past its deadline.
        if (call.Status.StatusCode == StatusCode.OK && !call.CancellationToken.IsCancellationRequested)
        {
            call.Writer.Write(method.ResponseMarshaller.ContextualSerializer, response);
        }
    }
}
