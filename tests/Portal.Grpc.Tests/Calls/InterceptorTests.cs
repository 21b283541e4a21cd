using System.Collections.Concurrent;
using System.Net;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Portal.Grpc.Tests.Echo.V1;
using Portal.Grpc.Tests.Hosting;

namespace Portal.Grpc.Tests.Calls;

public sealed class InterceptorTests
{
    [Fact]
    public async Task Server_TwoInterceptors_WrapAllShapesInOrder()
    {
        var journal = new ConcurrentQueue<string>();
        await using var server = await GrpcTestServer.StartAsync(
            o =>
            {
                o.Interceptors.Add<JournalInterceptor>("outer");
                o.Interceptors.Add<JournalInterceptor>("inner");
            },
            s => s.AddSingleton(journal));

        await server.Client.UnaryAsync(new EchoRequest());
        using var collect = server.Client.Collect();
        await collect.RequestStream.CompleteAsync();
        await collect;
        using var repeat = server.Client.Repeat(new EchoRequest());
        Assert.False(await repeat.ResponseStream.MoveNext());
        using var chat = server.Client.Chat();
        await chat.RequestStream.CompleteAsync();
        Assert.False(await chat.ResponseStream.MoveNext());

        Assert.Equal(
            ["outer Unary", "inner Unary", "outer Collect", "inner Collect", "outer Repeat", "inner Repeat", "outer Chat", "inner Chat"],
            journal);
    }

    [Fact]
    public async Task Server_InterceptorThrowsRpcException_HandlerIsNotReached()
    {
        await using var server = await GrpcTestServer.StartAsync(o => o.Interceptors.Add<DenyingInterceptor>());

        var exception = await Assert.ThrowsAsync<RpcException>(
            async () => await server.Client.UnaryAsync(new EchoRequest()));

        Assert.Equal(StatusCode.PermissionDenied, exception.StatusCode);
    }

    [Fact]
    public async Task Server_OptionsOfOneService_OverrideThoseOfAll()
    {
        await using var server = await GrpcTestServer.StartAsync(
            o => o.MaxReceiveMessageSize = 1,
            s => s.AddGrpc().AddServiceOptions<EchoService>(o => o.MaxReceiveMessageSize = 100));

        Assert.Equal("more than one byte", (await server.Client.UnaryAsync(new EchoRequest { Text = "more than one byte" })).Text);
    }

    [Fact]
    public async Task Client_InterceptorsAndHeaders_WrapTheCall()
    {
        await using var server = await GrpcTestServer.StartAsync();
        var invoker = server.Channel
            .Intercept(headers =>
            {
                headers.Add("echo-added", "yes");
                return headers;
            })
            .Intercept(new UpperCaseInterceptor());
        using var call = new Echo.V1.Echo.EchoClient(invoker).UnaryAsync(new EchoRequest { Text = "abc" });

        Assert.Equal("ABC", (await call).Text);
        Assert.Equal("yes", call.GetTrailers().GetValue("echo-added"));
    }

    [Fact]
    public async Task Client_WithHost_SendsThatAuthority()
    {
        await using var server = await GrpcTestServer.StartAsync<ContextService>();

        Assert.Equal("other.example", (await server.Client.WithHost("other.example").UnaryAsync(new EchoRequest())).Text);
    }

    [Fact]
    public async Task Endpoint_Conventions_ReachTheEndpointAndItsContext()
    {
        await using var server = await GrpcTestServer.StartAsync<ContextService>(
            map: app => app.MapGrpcService<ContextService>().WithMetadata("marked"));
        using var call = server.Client.UnaryAsync(new EchoRequest());
        await call;

        Assert.Equal("marked", call.GetTrailers().GetValue("endpoint"));
        Assert.Equal("/portal.testing.echo.v1.Echo/Unary", call.GetTrailers().GetValue("method"));
        Assert.StartsWith("ipv4:127.0.0.1:", call.GetTrailers().GetValue("peer"), StringComparison.Ordinal);
        Assert.Equal("Unary", call.GetTrailers().GetValue("name"));
    }

    [Fact]
    public async Task Map_TwoServicesInOneApplication_BothAnswer()
    {
        await using var server = await GrpcTestServer.StartAsync(map: app =>
        {
            app.MapGrpcService<EchoService>();
            app.MapGet("/plain/page", () => "hello");
            app.MapGroup("/inner").MapGrpcService<ContextService>();
        });

        Assert.Equal("x", (await server.Client.UnaryAsync(new EchoRequest { Text = "x" })).Text);
        using var http = new HttpClient
        {
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        Assert.Equal("hello", await http.GetStringAsync(new Uri($"{server.Address}/plain/page")));
        using var missing = await http.GetAsync(new Uri($"{server.Address}/no/page"));
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    private sealed class JournalInterceptor(string name, ConcurrentQueue<string> journal) : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request,
            ServerCallContext context,
            UnaryServerMethod<TRequest, TResponse> continuation)
        {
            Note(context);
            return continuation(request, context);
        }

        public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            ServerCallContext context,
            ClientStreamingServerMethod<TRequest, TResponse> continuation)
        {
            Note(context);
            return continuation(requestStream, context);
        }

        public override Task ServerStreamingServerHandler<TRequest, TResponse>(
            TRequest request,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            ServerStreamingServerMethod<TRequest, TResponse> continuation)
        {
            Note(context);
            return continuation(request, responseStream, context);
        }

        public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        {
            Note(context);
            return continuation(requestStream, responseStream, context);
        }

        private void Note(ServerCallContext context) => journal.Enqueue($"{name} {context.Method.Split('/')[^1]}");
    }

    private sealed class DenyingInterceptor : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request,
            ServerCallContext context,
            UnaryServerMethod<TRequest, TResponse> continuation) =>
            throw new RpcException(new Status(StatusCode.PermissionDenied, "no"));
    }

    private sealed class UpperCaseInterceptor : Interceptor
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            if (request is EchoRequest echo)
            {
                echo.Text = echo.Text.ToUpperInvariant();
            }

            return continuation(request, context);
        }
    }

    private sealed class ContextService : Echo.V1.Echo.EchoBase
    {
        public override Task<EchoResponse> Unary(EchoRequest request, ServerCallContext context)
        {
            var endpoint = context.GetHttpContext().GetEndpoint()!;
            context.ResponseTrailers.Add("endpoint", endpoint.Metadata.GetMetadata<string>() ?? "");
            context.ResponseTrailers.Add("name", endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()!.Method.Name);
            context.ResponseTrailers.Add("method", context.Method);
            context.ResponseTrailers.Add("peer", context.Peer);
            return Task.FromResult(new EchoResponse { Text = context.Host });
        }
    }
}
