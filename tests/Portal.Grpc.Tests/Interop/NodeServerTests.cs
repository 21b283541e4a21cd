using Google.Protobuf;
using Grpc.Core;
using Portal.Grpc.Tests.Echo.V1;
using Portal.Testing;

namespace Portal.Grpc.Tests.Interop;

/// <summary>Our client in calls of a foreign server.</summary>
public sealed class NodeServerTests(NodePeer peer) : IClassFixture<NodePeer>, IAsyncLifetime
{
    private NodeServer _server = null!;

    private Echo.V1.Echo.EchoClient Client => _server.Client;

    public async Task InitializeAsync() => _server = await peer.StartServerAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Unary_WithMetadata_ComesBack()
    {
        using var call = Client.UnaryAsync(
            new EchoRequest { Text = "hé", Payload = ByteString.CopyFrom(1, 2) },
            new Metadata { { "echo-text", "a b" }, { "echo-data-bin", [0, 1, 254] } });
        var response = await call;

        Assert.Equal("hé", response.Text);
        Assert.Equal(new byte[] { 1, 2 }, response.Payload.ToByteArray());
        Assert.Equal("a b", call.GetTrailers().GetValue("echo-text"));
        Assert.Equal([0, 1, 254], call.GetTrailers().GetValueBytes("echo-data-bin")!);
    }

    [Fact]
    public async Task Collect_ManyRequests_AnswersOnce()
    {
        using var call = Client.Collect();
        for (var i = 0; i < 100; i++)
        {
            await call.RequestStream.WriteAsync(new EchoRequest { Text = $"{i}", Payload = ByteString.CopyFrom(new byte[10]) });
        }

        await call.RequestStream.CompleteAsync();

        Assert.Equal(1000, (await call).Number);
    }

    [Fact]
    public async Task Repeat_ManyResponses_ComeInOrder()
    {
        using var call = Client.Repeat(new EchoRequest { Count = 500 });
        var numbers = new List<long>();
        await foreach (var response in call.ResponseStream.ReadAllAsync())
        {
            numbers.Add(response.Number);
        }

        Assert.Equal(Enumerable.Range(0, 500).Select(i => (long)i), numbers);
    }

    [Fact]
    public async Task Chat_PingPong_EachAnsweredBeforeTheNext()
    {
        using var call = Client.Chat();
        for (var i = 0; i < 100; i++)
        {
            await call.RequestStream.WriteAsync(new EchoRequest { Text = $"{i}" });
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal($"{i}", call.ResponseStream.Current.Text);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fail_WithDetailAndTrailers_AllArrive(bool afterHeaders)
    {
        const string Detail = "50 % of it: é\n";
        var request = new FailRequest { Code = (int)StatusCode.FailedPrecondition, Detail = Detail, AfterHeaders = afterHeaders };

        var exception = await Assert.ThrowsAsync<RpcException>(async () => await Client.FailAsync(request));

        Assert.Equal(StatusCode.FailedPrecondition, exception.StatusCode);
        Assert.Equal(Detail, exception.Status.Detail);
        Assert.Equal("asked for", exception.Trailers.GetValue("reason"));
        Assert.Equal([8, 5, 18, 2, 104, 105], exception.Trailers.GetValueBytes("grpc-status-details-bin")!);
    }

    [Fact]
    public async Task Fail_EveryStatus_Arrives()
    {
        foreach (var code in Enum.GetValues<StatusCode>().Where(c => c != StatusCode.OK))
        {
            var exception = await Assert.ThrowsAsync<RpcException>(
                async () => await Client.FailAsync(new FailRequest { Code = (int)code }));
            Assert.Equal(code, exception.StatusCode);
        }
    }

    [Fact]
    public async Task Wait_DeadlinePasses_BothSidesEnd()
    {
        var deadline = (TimeProvider.System.GetUtcNow() + TestSettings.Within(TimeSpan.FromSeconds(2))).UtcDateTime;

        var exception = await Assert.ThrowsAsync<RpcException>(
            async () => await Client.WaitAsync(new WaitRequest { Id = "deadline" }, deadline: deadline));

        Assert.Equal(StatusCode.DeadlineExceeded, exception.StatusCode);
        await UntilCancelledAsync("deadline");
    }

    [Fact]
    public async Task Wait_TokenCancelled_BothSidesEnd()
    {
        using var source = new CancellationTokenSource(TestSettings.Within(TimeSpan.FromSeconds(1)));

        var exception = await Assert.ThrowsAsync<RpcException>(
            async () => await Client.WaitAsync(new WaitRequest { Id = "token" }, cancellationToken: source.Token));

        Assert.Equal(StatusCode.Cancelled, exception.StatusCode);
        await UntilCancelledAsync("token");
    }

    [Fact]
    public async Task WaitStream_Disposed_ServerSeesIt()
    {
        var call = Client.WaitStream(new WaitRequest { Id = "stream" });
        Assert.True(await call.ResponseStream.MoveNext());

        call.Dispose();

        await UntilCancelledAsync("stream");
    }

    [Fact]
    public async Task WaitStream_ServerKilled_IsUnavailable()
    {
        using var call = Client.WaitStream(new WaitRequest { Id = "killed" });
        Assert.True(await call.ResponseStream.MoveNext());

        _server.Kill();

        var exception = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.Unavailable, exception.StatusCode);
    }

    [Fact]
    public async Task Unary_SixteenMebibytes_ComeBack()
    {
        var payload = new byte[16 << 20];
        Random.Shared.NextBytes(payload);

        var response = await Client.UnaryAsync(new EchoRequest { Payload = ByteString.CopyFrom(payload) });

        Assert.True(response.Payload.Span.SequenceEqual(payload));
    }

    [Fact]
    public async Task Unary_ThousandAtOnce_AllComeBack()
    {
        var calls = Enumerable.Range(0, 1000)
            .Select(i => Client.UnaryAsync(new EchoRequest { Text = $"{i}" }).ResponseAsync);

        var responses = await Task.WhenAll(calls);

        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"{i}"), responses.Select(r => r.Text));
    }

    [Fact]
    public async Task Call_UnknownMethod_IsUnimplemented()
    {
        var marshaller = Marshallers.StringMarshaller;
        var method = new Method<string, string>(MethodType.Unary, "portal.testing.Nobody", "Unary", marshaller, marshaller);
        using var call = _server.Channel.CreateCallInvoker().AsyncUnaryCall(method, null, default, "");

        var exception = await Assert.ThrowsAsync<RpcException>(async () => await call);

        Assert.Equal(StatusCode.Unimplemented, exception.StatusCode);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Unary_CompressedResponse_IsTaken(string compression)
    {
        await using var server = await peer.StartServerAsync(compression);
        var text = new string('a', 100_000);

        Assert.Equal(text, (await server.Client.UnaryAsync(new EchoRequest { Text = text })).Text);
    }

    private async Task UntilCancelledAsync(string id)
    {
        using var limit = new CancellationTokenSource(TestSettings.Within(TimeSpan.FromSeconds(15)));
        while ((await Client.CancelledAsync(new WaitRequest { Id = id })).Number == 0)
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
