using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Portal.Contracts.Metrics;
using Portal.Contracts.Metrics.Otlp;
using Portal.Testing;
using Portal.Testing.Metrics;

namespace Portal.Web.Tests.Metrics;

[SuppressMessage("Design", "CA1001", Justification = "The runner ends it by IAsyncLifetime.")]
public sealed class OtlpClientTests : IAsyncLifetime
{
    private OtlpCollector _collector = null!;
    private OtlpClient _client = null!;

    public async Task InitializeAsync()
    {
        _collector = await OtlpCollector.StartAsync();
        _client = new OtlpClient(Options(_collector.Address.ToString()), TimeProvider.System);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _collector.DisposeAsync();
    }

    [Fact]
    public async Task Send_Requests_ArriveWithTheirHeaders()
    {
        Assert.Null(await _client.SendAsync(Requests(1, 2), default));

        Assert.Equal([1, 2], _collector.Taken.Select(taken => OtlpCollector.ValuesOf(taken.Request).Single().Value));
        Assert.All(_collector.Taken, taken => Assert.Equal("Bearer the token", taken.Authorization));
    }

    [Theory]
    [InlineData(StatusCodes.Status429TooManyRequests)]
    [InlineData(StatusCodes.Status502BadGateway)]
    [InlineData(StatusCodes.Status503ServiceUnavailable)]
    [InlineData(StatusCodes.Status504GatewayTimeout)]
    public async Task Send_CollectorIsBusy_IsTriedAgain(int status)
    {
        Answer(status);
        Answer(status);

        Assert.Null(await _client.SendAsync(Requests(1), default));
        Assert.Equal((3, 1), (_collector.Calls, _collector.Taken.Count));
    }

    [Fact]
    public async Task Send_CollectorStaysBusy_GivesUpAndSaysSo()
    {
        for (var call = 0; call < 4; call++)
        {
            Answer(StatusCodes.Status503ServiceUnavailable);
        }

        Assert.Equal("It answered 503.", await _client.SendAsync(Requests(1, 2), default));
        Assert.Equal((4, 0), (_collector.Calls, _collector.Taken.Count));
    }

    [Theory]
    [InlineData(StatusCodes.Status400BadRequest)]
    [InlineData(StatusCodes.Status401Unauthorized)]
    [InlineData(StatusCodes.Status413PayloadTooLarge)]
    public async Task Send_CollectorRefuses_IsNotTriedAgain(int status)
    {
        Answer(status);

        Assert.Equal($"It answered {status}.", await _client.SendAsync(Requests(1, 2), default));
        Assert.Equal(1, _collector.Calls);
    }

    [Fact]
    public async Task Send_CollectorSendsElsewhere_TheTokenStaysHere()
    {
        await using var elsewhere = await OtlpCollector.StartAsync();
        _collector.AnswerNext(response =>
        {
            response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            response.Headers.Location = $"{elsewhere.Address}v1/metrics";
            return Task.CompletedTask;
        });

        Assert.Equal("It answered 307.", await _client.SendAsync(Requests(1), default));
        Assert.Equal(0, elsewhere.Calls);
    }

    [Theory]
    [InlineData("0A0908031205736D616C6C", "It refused 3 values: small")]
    [InlineData("0A0712056F6C64657220", null)]
    [InlineData("0A07120568656C6C6F", "It took all, and says: hello")]
    [InlineData("0A0408FFFFFF", null)]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFF", null)]
    [InlineData("0AFFFFFFFF0F", null)]
    [InlineData("3C68746D6C3E", null)]
    public async Task Send_CollectorAnswersWithSomething_IsReadWithCare(string answer, string? expected)
    {
        _collector.AnswerNext(response => response.Body.WriteAsync(Convert.FromHexString(answer)).AsTask());

        Assert.Equal(expected, await _client.SendAsync(Requests(1), default));
    }

    [Fact]
    public async Task Send_CollectorIsAway_SaysSo()
    {
        using var client = new OtlpClient(Options($"http://127.0.0.1:{FreePort.Find()}"), TimeProvider.System);

        Assert.NotNull(await client.SendAsync(Requests(1), default));
    }

    private void Answer(int status) => _collector.AnswerNext(response =>
    {
        response.StatusCode = status;
        response.Headers.RetryAfter = "0";
        return Task.CompletedTask;
    });

    private static OtlpOptions Options(string address) => OtlpOptions.Read(
        key => key switch { "PORTAL_OTLP" => address, "PORTAL_OTLP_HEADERS" => "authorization=Bearer%20the%20token", _ => null }, out _)!;

    private static IEnumerable<byte[]> Requests(params double[] values)
    {
        foreach (var value in values)
        {
            using var writer = new OtlpWriter([], DateTimeOffset.UnixEpoch);
            writer.Family("value", MetricType.Gauge, "A value.");
            writer.Sample(value);
            yield return writer.ToRequests().Single();
        }
    }
}
