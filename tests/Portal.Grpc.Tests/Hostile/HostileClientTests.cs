using System.IO.Compression;
using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Portal.Grpc.Tests.Echo.V1;
using Portal.Grpc.Tests.Hosting;

namespace Portal.Grpc.Tests.Hostile;

/// <summary>Requests that break the protocol, and what the server answers.</summary>
public sealed class HostileClientTests : IAsyncLifetime
{
    private static readonly HttpClient s_http = new();
    private GrpcTestServer _server = null!;

    public async Task InitializeAsync() => _server = await GrpcTestServer.StartAsync(o => o.MaxReceiveMessageSize = 100_000);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public static TheoryData<string, byte[], StatusCode> Bodies => new()
    {
        { "nothing", [], StatusCode.Internal },
        { "half a header", [0, 0, 0], StatusCode.Internal },
        { "a length without bytes", RawCalls.Frame([], length: 10), StatusCode.Internal },
        { "fewer bytes than announced", RawCalls.Frame([1, 2], length: 10), StatusCode.Internal },
        { "a length above the limit", RawCalls.Frame([], length: 100_001), StatusCode.ResourceExhausted },
        { "the greatest length", RawCalls.Frame([], length: uint.MaxValue), StatusCode.ResourceExhausted },
        { "an unknown flag", RawCalls.Frame([], flag: 2), StatusCode.Internal },
        { "compressed without an encoding", RawCalls.Frame([1], flag: 1), StatusCode.Internal },
        { "two messages", [.. RawCalls.Frame([]), .. RawCalls.Frame([])], StatusCode.Internal },
        { "bytes after the message", [.. RawCalls.Frame([]), 0], StatusCode.Internal },
        { "no protobuf", RawCalls.Frame([0xff, 0xff, 0xff]), StatusCode.Internal },
        { "text that is not UTF-8 length", RawCalls.Frame([0x0a, 0x7f, 0x41]), StatusCode.Internal },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Unary_MalformedBody_EndsWithStatus(string what, byte[] body, StatusCode expected)
    {
        var (status, response) = await RawCalls.SendAsync(s_http, RawCalls.Create(_server.Address, "Unary", body));

        Assert.True(status == expected, $"{what}: {status}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("x", (await _server.Client.UnaryAsync(new EchoRequest { Text = "x" })).Text);
    }

    [Theory]
    [InlineData("x-bin", "!!!!", StatusCode.Internal)]
    [InlineData("x-bin", "AAA=A", StatusCode.Internal)]
    [InlineData("x-bin", "A", StatusCode.Internal)]
    [InlineData("x-bin", "AA====", StatusCode.Internal)]
    [InlineData("x-bin", "AA", StatusCode.OK)]
    [InlineData("x-bin", "AA==", StatusCode.OK)]
    [InlineData("x-bin", "AA==,AAAA", StatusCode.OK)]
    [InlineData("x-bin", "", StatusCode.OK)]
    [InlineData("grpc-timeout", "5", StatusCode.Internal)]
    [InlineData("grpc-timeout", "S", StatusCode.Internal)]
    [InlineData("grpc-timeout", "-5S", StatusCode.Internal)]
    [InlineData("grpc-timeout", "123456789S", StatusCode.Internal)]
    [InlineData("grpc-timeout", "5x", StatusCode.Internal)]
    [InlineData("grpc-timeout", "99999999H", StatusCode.OK)]
    [InlineData("grpc-encoding", "identity", StatusCode.OK)]
    [InlineData("grpc-encoding", "snappy", StatusCode.Unimplemented)]
    public async Task Unary_Header_EndsWithStatus(string name, string value, StatusCode expected)
    {
        var request = RawCalls.Create(_server.Address, "Unary", RawCalls.Frame([]));
        request.Headers.TryAddWithoutValidation(name, value);

        var (status, response) = await RawCalls.SendAsync(s_http, request);

        Assert.Equal(expected, status);
        Assert.Equal(expected == StatusCode.Unimplemented, response.Headers.Contains("grpc-accept-encoding"));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/grpc-web")]
    [InlineData("application/grpcx")]
    public async Task Unary_OtherContentType_IsRefused(string type)
    {
        var (status, response) = await RawCalls.SendAsync(
            s_http, RawCalls.Create(_server.Address, "Unary", RawCalls.Frame([]), type));

        Assert.Null(status);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Theory]
    [InlineData("application/grpc+proto")]
    [InlineData("application/grpc;charset=utf-8")]
    public async Task Unary_ContentTypeWithFormat_IsTaken(string type)
    {
        var (status, _) = await RawCalls.SendAsync(
            s_http, RawCalls.Create(_server.Address, "Unary", RawCalls.Frame([]), type));

        Assert.Equal(StatusCode.OK, status);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Unary_Compressed_IsTaken(string encoding)
    {
        var plain = new EchoRequest { Text = new string('a', 50_000) }.ToByteArray();
        var request = RawCalls.Create(_server.Address, "Unary", RawCalls.Frame(Compress(encoding, plain), flag: 1));
        request.Headers.Add("grpc-encoding", encoding);

        var (status, response) = await RawCalls.SendAsync(s_http, request);

        Assert.Equal(StatusCode.OK, status);
        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(50_000, EchoResponse.Parser.ParseFrom(body.AsSpan(5)).Text.Length);
    }

    [Theory]
    [InlineData("gzip", true, StatusCode.ResourceExhausted)]
    [InlineData("gzip", false, StatusCode.Internal)]
    public async Task Unary_CompressionBombOrRubbish_EndsWithStatus(string encoding, bool bomb, StatusCode expected)
    {
        var payload = bomb ? Compress(encoding, new byte[20_000_000]) : [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        var request = RawCalls.Create(_server.Address, "Unary", RawCalls.Frame(payload, flag: 1));
        request.Headers.Add("grpc-encoding", encoding);

        var (status, _) = await RawCalls.SendAsync(s_http, request);

        Assert.Equal(expected, status);
    }

    private static byte[] Compress(string encoding, byte[] plain)
    {
        var target = new MemoryStream();
        using (Stream stream = encoding == "gzip"
            ? new GZipStream(target, CompressionLevel.Optimal)
            : new ZLibStream(target, CompressionLevel.Optimal))
        {
            stream.Write(plain);
        }

        return target.ToArray();
    }
}
