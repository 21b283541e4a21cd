using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Portal.Grpc.Tests.Echo.V1;
using Portal.Grpc.Tests.Hosting;

namespace Portal.Grpc.Tests.Hostile;

/// <summary>Responses that break the protocol, and what the client makes of them.</summary>
public sealed class HostileServerTests
{
    private static readonly byte[] s_valid = RawCalls.Frame(new EchoResponse { Text = "x" });

    public static TheoryData<string, byte[], StatusCode> Bodies => new()
    {
        { "no message", [], StatusCode.Internal },
        { "half a header", [0, 0], StatusCode.Internal },
        { "fewer bytes than announced", RawCalls.Frame([1, 2], length: 10), StatusCode.Internal },
        { "a length above the limit", RawCalls.Frame([], length: (4 << 20) + 1), StatusCode.ResourceExhausted },
        { "the greatest length", RawCalls.Frame([], length: uint.MaxValue), StatusCode.ResourceExhausted },
        { "an unknown flag", RawCalls.Frame([], flag: 7), StatusCode.Internal },
        { "compressed without an encoding", RawCalls.Frame([1], flag: 1), StatusCode.Internal },
        { "two messages", [.. s_valid, .. s_valid], StatusCode.Internal },
        { "no protobuf", RawCalls.Frame([0xff, 0xff, 0xff]), StatusCode.Internal },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Unary_MalformedBody_EndsWithStatus(string what, byte[] body, StatusCode expected)
    {
        var exception = await CallAsync(async http =>
        {
            await http.Response.Body.WriteAsync(body);
            http.Response.AppendTrailer("grpc-status", "0");
        });

        Assert.True(exception?.StatusCode == expected, $"{what}: {exception}");
    }

    [Theory]
    [InlineData(400, StatusCode.Internal)]
    [InlineData(401, StatusCode.Unauthenticated)]
    [InlineData(403, StatusCode.PermissionDenied)]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(418, StatusCode.Unknown)]
    [InlineData(429, StatusCode.Unavailable)]
    [InlineData(502, StatusCode.Unavailable)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(504, StatusCode.Unavailable)]
    [InlineData(200, StatusCode.Unknown)]
    public async Task Unary_PlainHttpAnswer_IsMapped(int http, StatusCode expected)
    {
        var exception = await CallAsync(context =>
        {
            context.Response.ContentType = "text/html";
            context.Response.StatusCode = http;
            return Task.CompletedTask;
        });

        Assert.Equal(expected, exception!.StatusCode);
    }

    [Theory]
    [InlineData(0, StatusCode.Internal)]
    [InlineData(1, StatusCode.Internal)]
    [InlineData(2, StatusCode.Internal)]
    [InlineData(7, StatusCode.Unavailable)]
    [InlineData(8, StatusCode.Cancelled)]
    [InlineData(11, StatusCode.ResourceExhausted)]
    [InlineData(12, StatusCode.PermissionDenied)]
    public async Task Unary_StreamReset_IsMapped(int code, StatusCode expected)
    {
        var exception = await CallAsync(async context =>
        {
            await context.Response.Body.FlushAsync();
            context.Features.GetRequiredFeature<IHttpResetFeature>().Reset(code);
        });

        Assert.Equal(expected, exception!.StatusCode);
    }

    [Theory]
    [InlineData(null, StatusCode.Unknown)]
    [InlineData("nonsense", StatusCode.Unknown)]
    [InlineData("17", StatusCode.Unknown)]
    [InlineData("-1", StatusCode.Unknown)]
    [InlineData("5", StatusCode.NotFound)]
    public async Task Unary_StatusTrailer_IsReadStrictly(string? value, StatusCode expected)
    {
        var exception = await CallAsync(async http =>
        {
            await http.Response.Body.WriteAsync(s_valid);
            if (value is not null)
            {
                http.Response.AppendTrailer("grpc-status", value);
            }
        });

        Assert.Equal(expected, exception!.StatusCode);
    }

    [Fact]
    public async Task Unary_BadBase64InTrailers_IsInternal()
    {
        var exception = await CallAsync(async http =>
        {
            await http.Response.Body.WriteAsync(s_valid);
            http.Response.AppendTrailer("x-bin", "?");
            http.Response.AppendTrailer("grpc-status", "0");
        });

        Assert.Equal(StatusCode.Internal, exception!.StatusCode);
    }

    [Fact]
    public async Task Unary_ConnectionCut_IsUnavailable()
    {
        var exception = await CallAsync(context =>
        {
            context.Features.GetRequiredFeature<Microsoft.AspNetCore.Connections.Features.IConnectionLifetimeFeature>().Abort();
            return Task.Delay(TimeSpan.FromSeconds(20), context.RequestAborted);
        });

        Assert.Equal(StatusCode.Unavailable, exception!.StatusCode);
    }

    [Fact]
    public async Task Unary_WellFormed_Succeeds() => Assert.Null(await CallAsync(async http =>
    {
        await http.Response.Body.WriteAsync(s_valid);
        http.Response.AppendTrailer("grpc-status", "0");
    }));

    private static async Task<RpcException?> CallAsync(Func<HttpContext, Task> answer)
    {
        await using var server = await GrpcTestServer.StartAsync(map: app => app.MapPost("/{**any}", async (HttpContext http) =>
        {
            http.Response.ContentType = "application/grpc";
            await answer(http);
        }));
        try
        {
            await server.Client.UnaryAsync(new EchoRequest());
            return null;
        }
        catch (RpcException exception)
        {
            return exception;
        }
    }
}
