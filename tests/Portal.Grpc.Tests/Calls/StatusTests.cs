using Grpc.Core;
using Portal.Grpc.Tests.Echo.V1;
using Portal.Grpc.Tests.Hosting;

namespace Portal.Grpc.Tests.Calls;

public sealed class StatusTests : IAsyncLifetime
{
    private GrpcTestServer _server = null!;

    public async Task InitializeAsync() => _server = await GrpcTestServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fail_WithDetailAndTrailers_AllArrive(bool afterHeaders)
    {
        const string Detail = "50 % of it: é\n\tdone";
        var request = new FailRequest { Code = (int)StatusCode.FailedPrecondition, Detail = Detail, AfterHeaders = afterHeaders };
        using var call = _server.Client.FailAsync(request);

        var exception = await Assert.ThrowsAsync<RpcException>(async () => await call);

        Assert.Equal(StatusCode.FailedPrecondition, exception.StatusCode);
        Assert.Equal(Detail, exception.Status.Detail);
        Assert.Equal("asked for", exception.Trailers.GetValue("reason"));
        Assert.Equal([8, 5, 18, 2, 104, 105], exception.Trailers.GetValueBytes("grpc-status-details-bin")!);
        Assert.Equal([0, 255, 10], exception.Trailers.GetValueBytes("thrown-bin")!);
        Assert.Equal(exception.Status.StatusCode, call.GetStatus().StatusCode);
        Assert.Equal(afterHeaders ? "yes" : null, (await call.ResponseHeadersAsync).GetValue("early"));
    }

    [Fact]
    public async Task GetStatus_BeforeTheEnd_Throws()
    {
        using var call = _server.Client.WaitAsync(new WaitRequest { Id = "early" });

        Assert.Throws<InvalidOperationException>(() => call.GetStatus());
        Assert.Throws<InvalidOperationException>(() => call.GetTrailers());
        call.Dispose();
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
        await Assert.ThrowsAsync<RpcException>(async () => await call);
    }

    [Fact]
    public async Task Call_MethodNotOverridden_IsUnimplemented()
    {
        await using var server = await GrpcTestServer.StartAsync<EmptyService>();

        var exception = await Assert.ThrowsAsync<RpcException>(
            async () => await server.Client.UnaryAsync(new EchoRequest()));

        Assert.Equal(StatusCode.Unimplemented, exception.StatusCode);
    }

    [Theory]
    [InlineData("portal.testing.echo.v1.Echo", "Nothing", "Method is unimplemented.")]
    [InlineData("portal.testing.Nobody", "Unary", "Service is unimplemented.")]
    public async Task Call_UnknownMethodOrService_IsUnimplemented(string service, string name, string detail)
    {
        var marshaller = Marshallers.StringMarshaller;
        var method = new Method<string, string>(MethodType.Unary, service, name, marshaller, marshaller);
        using var call = _server.Channel.CreateCallInvoker().AsyncUnaryCall(method, null, default, "");

        var exception = await Assert.ThrowsAsync<RpcException>(async () => await call);

        Assert.Equal(StatusCode.Unimplemented, exception.StatusCode);
        Assert.Equal(detail, exception.Status.Detail);
    }

    [Theory]
    [InlineData(false, "Exception was thrown by handler.")]
    [InlineData(true, "Exception was thrown by handler. FormatException: secret")]
    public async Task Call_HandlerThrows_IsUnknownAndTellsOnlyWhenConfigured(bool detailed, string expected)
    {
        await using var server = await GrpcTestServer.StartAsync<ThrowingService>(o => o.EnableDetailedErrors = detailed);

        var exception = await Assert.ThrowsAsync<RpcException>(
            async () => await server.Client.UnaryAsync(new EchoRequest()));

        Assert.Equal(StatusCode.Unknown, exception.StatusCode);
        Assert.Equal(expected, exception.Status.Detail);
    }

    [Fact]
    public async Task Repeat_HandlerThrowsAfterMessages_MessagesArriveThenStatus()
    {
        await using var server = await GrpcTestServer.StartAsync<ThrowingService>();
        using var call = server.Client.Repeat(new EchoRequest());

        Assert.True(await call.ResponseStream.MoveNext());
        var exception = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());

        Assert.Equal(StatusCode.DataLoss, exception.StatusCode);
        Assert.Equal(StatusCode.DataLoss, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Collect_ServerEndsEarly_WriterAndResponseSeeTheStatus()
    {
        await using var server = await GrpcTestServer.StartAsync<ThrowingService>();
        using var call = server.Client.Collect();

        var response = await Assert.ThrowsAsync<RpcException>(async () => await call);
        var write = await Assert.ThrowsAsync<RpcException>(() => call.RequestStream.WriteAsync(new EchoRequest()));

        Assert.Equal(StatusCode.ResourceExhausted, response.StatusCode);
        Assert.Equal(StatusCode.ResourceExhausted, write.StatusCode);
    }

    [Fact]
    public async Task Unary_StatusSetOnContext_GoesWithoutMessage()
    {
        await using var server = await GrpcTestServer.StartAsync<StatusSettingService>();

        var exception = await Assert.ThrowsAsync<RpcException>(
            async () => await server.Client.UnaryAsync(new EchoRequest()));

        Assert.Equal(new Status(StatusCode.NotFound, "not there"), exception.Status);
    }

    [Fact]
    public async Task Call_PortWithoutServer_IsUnavailable()
    {
        using var channel = global::Grpc.Net.Client.GrpcChannel.ForAddress("http://127.0.0.1:1");

        var exception = await Assert.ThrowsAsync<RpcException>(
            async () => await new Echo.V1.Echo.EchoClient(channel).UnaryAsync(new EchoRequest()));

        Assert.Equal(StatusCode.Unavailable, exception.StatusCode);
        Assert.NotNull(exception.Status.DebugException);
    }

    private sealed class EmptyService : Echo.V1.Echo.EchoBase;

    private sealed class ThrowingService : Echo.V1.Echo.EchoBase
    {
        public override Task<EchoResponse> Unary(EchoRequest request, ServerCallContext context) =>
            throw new FormatException("secret");

        public override Task<EchoResponse> Collect(
            IAsyncStreamReader<EchoRequest> requestStream,
            ServerCallContext context) => throw new RpcException(new Status(StatusCode.ResourceExhausted, "no more"));

        public override async Task Repeat(
            EchoRequest request,
            IServerStreamWriter<EchoResponse> responseStream,
            ServerCallContext context)
        {
            await responseStream.WriteAsync(new EchoResponse());
            throw new RpcException(new Status(StatusCode.DataLoss, "gone"));
        }
    }

    private sealed class StatusSettingService : Echo.V1.Echo.EchoBase
    {
        public override Task<EchoResponse> Unary(EchoRequest request, ServerCallContext context)
        {
            context.Status = new Status(StatusCode.NotFound, "not there");
            return Task.FromResult(new EchoResponse());
        }
    }
}
