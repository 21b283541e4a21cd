using System.IO.Compression;
using Portal.Contracts.Metrics;
using Portal.Contracts.Metrics.Otlp;
using Portal.Testing.Metrics;

namespace Portal.Web.Tests.Metrics;

public sealed class OtlpWriterTests
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.UnixEpoch.AddSeconds(1_700_000_000.5);

    [Fact]
    public void Requests_OfBothTypes_AreWhatTheProtocolSays()
    {
        var request = Assert.Single(Write(writer =>
        {
            writer.Family("empty_family", MetricType.Gauge, "Nothing.");
            writer.Family("some_bytes", MetricType.Gauge, "Bytes.");
            writer.Sample(42.5, ("name", "we\"b\\\n"), ("empty", ""), ("half", "a\ud800b"));
            writer.Sample(double.NaN);
            writer.Family("things_total", MetricType.Counter, "Things.");
            writer.Sample(7, ("name", "容器"));
        }));

        var metrics = request.ResourceMetrics.Single().ScopeMetrics.Single().Metrics;
        Assert.Equal(new Dictionary<string, string> { ["service.name"] = "test" }, OtlpCollector.ResourceOf(request));
        Assert.Equal(["some_bytes", "things_total"], metrics.Select(metric => metric.Name));
        Assert.Equal(["Bytes.", "Things."], metrics.Select(metric => metric.Description));
        Assert.Equal((2, true), (metrics[1].Sum.Temporality, metrics[1].Sum.Monotonic));
        Assert.Equal(1_700_000_000_500_000_000UL, metrics[0].Gauge.Points[0].TimeUnixNano);
        Assert.Equal(
            [
                KeyValuePair.Create("some_bytes{name=\"we\"b\\\n\",empty=\"\",half=\"a\ufffdb\"}", 42.5),
                KeyValuePair.Create("some_bytes{}", double.NaN),
                KeyValuePair.Create("things_total{name=\"容器\"}", 7.0),
            ],
            OtlpCollector.ValuesOf(request));
    }

    [Fact]
    public void Requests_MoreValuesThanOneTakes_AreSeveralAndNoneIsLostOrTwice()
    {
        const int Values = (OtlpWriter.MostValues * 2) + 10;
        var requests = Write(writer =>
        {
            writer.Family("first", MetricType.Gauge, "First.");
            for (var value = 0; value < Values; value++)
            {
                writer.Sample(value, ("number", $"{value}"));
            }

            writer.Family("last_total", MetricType.Counter, "Last.");
            writer.Sample(1);
        });

        Assert.Equal(3, requests.Count);
        Assert.All(requests, request => Assert.InRange(OtlpCollector.ValuesOf(request).Count(), 1, OtlpWriter.MostValues));
        Assert.All(requests, request => Assert.Equal("test", OtlpCollector.ResourceOf(request)["service.name"]));
        var all = requests.SelectMany(OtlpCollector.ValuesOf).ToDictionary();
        Assert.Equal(Values + 1, all.Count);
        Assert.All(Enumerable.Range(0, Values), value => Assert.Equal(value, all[$"first{{number=\"{value}\"}}"]));
    }

    [Fact]
    public void Requests_NothingWritten_AreNone() => Assert.Empty(Write(writer => writer.Family("empty", MetricType.Gauge, "")));

    [Theory]
    [InlineData("")]
    [InlineData("0days")]
    [InlineData("with-dash")]
    [InlineData("twice")]
    public void Family_NameIsNoneOrTwice_IsRefused(string name)
    {
        using var writer = new OtlpWriter([], s_now);
        writer.Family("twice", MetricType.Gauge, "");

        Assert.Throws<ArgumentException>(() => writer.Family(name, MetricType.Gauge, ""));
    }

    private static List<OtlpRequest> Write(Action<OtlpWriter> write)
    {
        using var writer = new OtlpWriter([new("service.name", "test")], s_now);
        write(writer);
        return [.. writer.ToRequests().Select(Read)];
    }

    private static OtlpRequest Read(byte[] body)
    {
        using var plain = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
        return OtlpRequest.Parser.ParseFrom(plain);
    }
}
