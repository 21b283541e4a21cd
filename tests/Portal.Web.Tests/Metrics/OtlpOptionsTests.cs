using Portal.Contracts.Metrics.Otlp;

namespace Portal.Web.Tests.Metrics;

public sealed class OtlpOptionsTests
{
    [Theory]
    [InlineData("http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/metrics")]
    [InlineData("https://otel.example.org/", "https://otel.example.org/v1/metrics")]
    [InlineData("https://otel.example.org/otlp", "https://otel.example.org/otlp/v1/metrics")]
    [InlineData("https://otel.example.org/otlp/v1/metrics", "https://otel.example.org/otlp/v1/metrics")]
    public void EndPoint_Base_GetsThePathOfMetrics(string address, string expected)
    {
        var (options, problems) = Read(address);

        Assert.Empty(problems);
        Assert.Equal(expected, options!.EndPoint.ToString());
        Assert.Equal(TimeSpan.FromMinutes(1), options.Interval);
    }

    [Fact]
    public void Pairs_Encoded_AreRead()
    {
        var (options, problems) = Read(
            "http://collector:4318", "authorization=Bearer%20a%2Cb=, x-scope=team-1", "15", "deployment.environment.name=prod,host.name=other");

        Assert.Empty(problems);
        Assert.Equal([new("authorization", "Bearer a,b="), new("x-scope", "team-1")], options!.Headers);
        Assert.Equal(TimeSpan.FromSeconds(15), options.Interval);
        Assert.Equal(
            [new("service.name", "portal"), new("deployment.environment.name", "prod"), new("host.name", "other")],
            options.Describe(new("service.name", "portal"), new("host.name", "own")));
    }

    [Theory]
    [InlineData("collector:4318", "", "", "", "PORTAL_OTLP ")]
    [InlineData("ftp://collector", "", "", "", "PORTAL_OTLP ")]
    [InlineData("http://name:secret-word@collector", "", "", "", "PORTAL_OTLP ")]
    [InlineData("http://collector", "secret-word", "", "", "PORTAL_OTLP_HEADERS")]
    [InlineData("http://collector", "x=secret-word%0d%0aHost: y", "", "", "PORTAL_OTLP_HEADERS")]
    [InlineData("http://collector", "content-type=secret-word", "", "", "PORTAL_OTLP_HEADERS")]
    [InlineData("http://collector", "a=secret-word,A=secret-word", "", "", "PORTAL_OTLP_HEADERS")]
    [InlineData("http://collector", "", "0", "", "PORTAL_OTLP_SECONDS")]
    [InlineData("http://collector", "", "1e2", "", "PORTAL_OTLP_SECONDS")]
    [InlineData("http://collector", "", "", "=x", "PORTAL_OTLP_ATTRIBUTES")]
    public void Setting_IsWrong_IsSaidWithItsKeyAndWithoutItsSecret(string address, string headers, string seconds, string attributes, string key)
    {
        var (options, problems) = Read(address, headers, seconds, attributes);

        Assert.Null(options);
        var problem = Assert.Single(problems);
        Assert.Contains(key, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-word", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Setting_NoCollector_NothingIsSent() => Assert.Equal((null, 0), (Read("").Options, Read("").Problems.Count));

    private static (OtlpOptions? Options, IReadOnlyList<string> Problems) Read(
        string address, string headers = "", string seconds = "", string attributes = "")
    {
        var options = OtlpOptions.Read(
            key => key switch
            {
                "PORTAL_OTLP" => address,
                "PORTAL_OTLP_HEADERS" => headers,
                "PORTAL_OTLP_SECONDS" => seconds,
                "PORTAL_OTLP_ATTRIBUTES" => attributes,
                _ => null,
            },
            out var problems);
        return (options, problems);
    }
}
