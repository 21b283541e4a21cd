using Grpc.Core;
using Grpc.Net.Client;
using Portal.Grpc.Tests.Echo.V1;
using Portal.Grpc.Tests.Hosting;
using Portal.Testing;

namespace Portal.Grpc.Tests.Calls;

public sealed class CancellationTests : IAsyncLifetime
{
    private GrpcTestServer _server = null!;

    public async Task InitializeAsync() => _server = await GrpcTestServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Unary_DeadlinePasses_BothSidesEnd()
    {
        // A deadline cannot wait for the server to have the call, so it leaves a busy machine time for it.
        var deadline = (TimeProvider.System.GetUtcNow() + TestSettings.Within(TimeSpan.FromSeconds(2))).UtcDateTime;

        var exception = await Assert.ThrowsAsync<RpcException>(
            async () => await _server.Client.WaitAsync(new WaitRequest { Id = "d" }, deadline: deadline));

        Assert.Equal(StatusCode.DeadlineExceeded, exception.StatusCode);
        await _server.Cancellations.WaitAsync("d");
    }

    [Fact]
    public async Task Unary_DeadlineInThePast_EndsAtOnce()
    {
        var exception = await Assert.ThrowsAsync<RpcException>(
            async () => await _server.Client.UnaryAsync(new EchoRequest(), deadline: DateTime.UnixEpoch));

        Assert.Equal(StatusCode.DeadlineExceeded, exception.StatusCode);
    }

    [Fact]
    public async Task Unary_DeadlineOfLocalTime_Throws() =>
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await _server.Client.UnaryAsync(
            new EchoRequest(), deadline: new DateTime(2100, 1, 1, 0, 0, 0, DateTimeKind.Local)));

    [Fact]
    public async Task Stream_DeadlinePasses_ReaderSeesIt()
    {
        using var call = _server.Client.WaitStream(
            new WaitRequest { Id = "ds" }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(3));
        Assert.True(await call.ResponseStream.MoveNext());

        var exception = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());

        Assert.Equal(StatusCode.DeadlineExceeded, exception.StatusCode);
        await _server.Cancellations.WaitAsync("ds");
    }

    [Fact]
    public async Task Unary_DeadlineOnlyTheServerKnows_ItAnswersDeadlineExceeded()
    {
        // The header without the client's own timer shows what the server does by itself.
        using var http = new HttpClient();
        var request = RawCalls.Create(_server.Address, "Wait", RawCalls.Frame([]));
        request.Headers.Add("grpc-timeout", "100m");

        var (status, _) = await RawCalls.SendAsync(http, request);

        Assert.Equal(StatusCode.DeadlineExceeded, status);
    }

    [Fact]
    public async Task Unary_TokenCancelled_BothSidesEnd()
    {
        using var source = new CancellationTokenSource();
        using var call = _server.Client.WaitAsync(new WaitRequest { Id = "t" }, cancellationToken: source.Token);
        await _server.Cancellations.BegunAsync("t");

        await source.CancelAsync();

        var exception = await Assert.ThrowsAsync<RpcException>(async () => await call);

        Assert.Equal(StatusCode.Cancelled, exception.StatusCode);
        await _server.Cancellations.WaitAsync("t");
    }

    [Fact]
    public async Task Unary_TokenCancelledWithOption_ThrowsOperationCanceled()
    {
        var client = _server.CreateClient(new GrpcChannelOptions { ThrowOperationCanceledOnCancellation = true });
        using var source = new CancellationTokenSource(100);

        await Assert.ThrowsAsync<OperationCanceledException>(
            async () => await client.WaitAsync(new WaitRequest { Id = "o" }, cancellationToken: source.Token));
    }

    [Fact]
    public async Task Stream_CallDisposed_ServerEnds()
    {
        var call = _server.Client.WaitStream(new WaitRequest { Id = "dispose" });
        Assert.True(await call.ResponseStream.MoveNext());

        call.Dispose();

        await _server.Cancellations.WaitAsync("dispose");
        var exception = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.Cancelled, exception.StatusCode);
    }

    [Fact]
    public async Task Stream_ReadTokenCancelled_CallEnds()
    {
        using var call = _server.Client.WaitStream(new WaitRequest { Id = "read" });
        Assert.True(await call.ResponseStream.MoveNext());
        using var source = new CancellationTokenSource(100);

        var exception = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(source.Token));

        Assert.Equal(StatusCode.Cancelled, exception.StatusCode);
        await _server.Cancellations.WaitAsync("read");
    }

    [Fact]
    public async Task Stream_ChannelDisposed_CallsEnd()
    {
        using var channel = GrpcChannel.ForAddress(_server.Address);
        using var call = new Echo.V1.Echo.EchoClient(channel).WaitStream(new WaitRequest { Id = "channel" });
        Assert.True(await call.ResponseStream.MoveNext());

        channel.Dispose();

        await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        await _server.Cancellations.WaitAsync("channel");
        Assert.Throws<ObjectDisposedException>(() => channel.CreateCallInvoker());
    }

    [Fact]
    public async Task Chat_DisposedWithRequestsOpen_ServerSeesCancellation()
    {
        var ended = new TaskCompletionSource<Exception?>();
        await using var server = await GrpcTestServer.StartAsync<ObservingService>(
            services: s => Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton(s, ended));
        var call = server.Client.Chat();
        await call.RequestStream.WriteAsync(new EchoRequest());
        Assert.True(await call.ResponseStream.MoveNext());

        call.Dispose();

        Assert.IsAssignableFrom<OperationCanceledException>(await ended.Task.WaitAsync(TestSettings.Within(TimeSpan.FromSeconds(10))));
        await Assert.ThrowsAsync<RpcException>(() => call.RequestStream.WriteAsync(new EchoRequest()));
    }

    [Fact]
    public async Task Chat_ServerReturnsWithRequestsOpen_CallEndsOk()
    {
        await using var server = await GrpcTestServer.StartAsync<ReturningService>();
        using var call = server.Client.Chat();
        await call.RequestStream.WriteAsync(new EchoRequest());

        Assert.False(await call.ResponseStream.MoveNext());

        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync(new EchoRequest()));
    }

    [Fact]
    public async Task Stream_ServerStops_CallEndsWithAnError()
    {
        var server = await GrpcTestServer.StartAsync();
        using var channel = GrpcChannel.ForAddress(server.Address);
        using var call = new Echo.V1.Echo.EchoClient(channel).WaitStream(new WaitRequest { Id = "stop" });
        Assert.True(await call.ResponseStream.MoveNext());

        var reading = call.ResponseStream.MoveNext();
        await server.DisposeAsync();

        var exception = await Assert.ThrowsAsync<RpcException>(() => reading);
        Assert.Contains(exception.StatusCode, new[] { StatusCode.Unavailable, StatusCode.Internal, StatusCode.Cancelled });
    }

    private sealed class ObservingService(TaskCompletionSource<Exception?> ended) : Echo.V1.Echo.EchoBase
    {
        public override async Task Chat(
            IAsyncStreamReader<EchoRequest> requestStream,
            IServerStreamWriter<EchoResponse> responseStream,
            ServerCallContext context)
        {
            try
            {
                // Without a token: the reader must notice by itself that the client went away.
                while (await requestStream.MoveNext())
                {
                    await responseStream.WriteAsync(new EchoResponse());
                }

                ended.SetResult(null);
            }
            catch (Exception exception)
            {
                ended.SetResult(exception);
                throw;
            }
        }
    }

    private sealed class ReturningService : Echo.V1.Echo.EchoBase
    {
        // Takes one request first: a server that returns before it may complete the call under the client's own write.
        public override Task Chat(
            IAsyncStreamReader<EchoRequest> requestStream,
            IServerStreamWriter<EchoResponse> responseStream,
            ServerCallContext context) => requestStream.MoveNext();
    }
}
