using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Portal.Grpc.Tests.Echo.V1;
using Portal.Grpc.Tests.Hosting;
using Portal.Testing;

namespace Portal.Grpc.Tests.Calls;

public sealed class CallShapeTests : IAsyncLifetime
{
    private GrpcTestServer _server = null!;

    public async Task InitializeAsync() => _server = await GrpcTestServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Unary_WithTextAndBytes_ComesBack()
    {
        using var call = _server.Client.UnaryAsync(new EchoRequest { Text = "hé", Payload = ByteString.CopyFrom(1, 2) });
        var response = await call;

        Assert.Equal("hé", response.Text);
        Assert.Equal(new byte[] { 1, 2 }, response.Payload.ToByteArray());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.NotNull(await call.ResponseHeadersAsync);
    }

    [Fact]
    public void Unary_Blocking_ComesBack() =>
        Assert.Equal("x", _server.Client.Unary(new EchoRequest { Text = "x" }).Text);

    [Fact]
    public async Task Unary_EmptyMessage_ComesBack() =>
        Assert.Equal(new EchoResponse(), await _server.Client.UnaryAsync(new EchoRequest()));

    [Fact]
    public async Task Unary_MetadataOfBothKinds_ComesBackAsTrailers()
    {
        var headers = new Metadata { { "echo-text", "a b" }, { "echo-data-bin", [0, 1, 254] }, { "echo-text", "c" } };
        using var call = _server.Client.UnaryAsync(new EchoRequest(), headers);
        await call;

        var trailers = call.GetTrailers();

        // HTTP may join values of one name; the protocol says that both forms mean the same.
        Assert.Equal("a b, c", string.Join(", ", trailers.GetAll("echo-text").Select(e => e.Value)));
        Assert.Equal([0, 1, 254], trailers.GetValueBytes("echo-data-bin")!);
    }

    [Fact]
    public async Task Collect_ManyRequests_AnswersOnce()
    {
        using var call = _server.Client.Collect();
        for (var i = 0; i < 100; i++)
        {
            await call.RequestStream.WriteAsync(new EchoRequest { Text = $"{i}", Payload = ByteString.CopyFrom(new byte[10]) });
        }

        await call.RequestStream.CompleteAsync();
        var response = await call;

        Assert.Equal(1000, response.Number);
        Assert.EndsWith(",98,99", response.Text);
    }

    [Fact]
    public async Task Repeat_ManyResponses_ComeInOrder()
    {
        using var call = _server.Client.Repeat(new EchoRequest { Text = "r", Count = 500 });
        var numbers = new List<long>();
        await foreach (var response in call.ResponseStream.ReadAllAsync())
        {
            numbers.Add(response.Number);
        }

        Assert.Equal(Enumerable.Range(0, 500).Select(i => (long)i), numbers);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Chat_PingPong_EachAnsweredBeforeTheNext()
    {
        using var call = _server.Client.Chat();
        for (var i = 0; i < 100; i++)
        {
            await call.RequestStream.WriteAsync(new EchoRequest { Text = $"{i}" });
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal($"{i}", call.ResponseStream.Current.Text);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Chat_BytesBothWays_AreBackPressured()
    {
        // Nobody reads at first: the writer has to stop at the windows, and go on when the reader begins.
        using var call = _server.Client.Chat();
        var payload = ByteString.CopyFrom(new byte[256 * 1024]);
        const int Count = 100;
        var written = 0;
        var writing = Task.Run(async () =>
        {
            for (; written < Count; written++)
            {
                await call.RequestStream.WriteAsync(new EchoRequest { Payload = payload });
            }

            await call.RequestStream.CompleteAsync();
        });

        await Eventually.HoldsAsync(() => Volatile.Read(ref written) > 0, "the writer begins");
        Assert.NotSame(writing, await Task.WhenAny(writing, Task.Delay(500)));
        Assert.InRange(Volatile.Read(ref written), 1, Count - 1);

        var read = 0;
        while (await call.ResponseStream.MoveNext())
        {
            read++;
        }

        await writing;
        Assert.Equal(Count, read);
    }

    [Fact]
    public async Task Unary_SixteenMebibytes_ComeBack()
    {
        await using var server = await GrpcTestServer.StartAsync(o => o.MaxReceiveMessageSize = 32 << 20);
        var client = server.CreateClient(new GrpcChannelOptions { MaxReceiveMessageSize = null });
        var payload = new byte[16 << 20];
        Random.Shared.NextBytes(payload);

        var response = await client.UnaryAsync(new EchoRequest { Payload = ByteString.CopyFrom(payload) });

        Assert.True(response.Payload.Span.SequenceEqual(payload));
    }

    [Fact]
    public async Task Unary_ThousandAtOnce_AllComeBack()
    {
        var calls = Enumerable.Range(0, 1000)
            .Select(i => _server.Client.UnaryAsync(new EchoRequest { Text = $"{i}" }).ResponseAsync);

        var responses = await Task.WhenAll(calls);

        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"{i}"), responses.Select(r => r.Text));
    }
}
