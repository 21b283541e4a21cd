using System.IO.Compression;

namespace Portal.Contracts.Metrics.Otlp;

/// <summary>
/// Writes metrics as requests of OTLP, the protocol of OpenTelemetry (<see href="https://opentelemetry.io/docs/specs/otlp/"/>), in protobuf
/// and compressed. Many values become several requests: collectors take a few megabytes at once.
/// </summary>
/// <remarks>
/// One for each time; not thread-safe. Names are those of the text format, without units of their own, so that collectors that pass them on
/// to Prometheus call them the same.
/// </remarks>
/// <param name="resource">What is measured: <c>service.name</c> and its like.</param>
/// <param name="now">When the values were read.</param>
public sealed class OtlpWriter(IReadOnlyList<KeyValuePair<string, string>> resource, DateTimeOffset now) : IMetricWriter, IDisposable
{
    /// <summary>Values of one request at most.</summary>
    public const int MostValues = 5_000;

    private const ulong Cumulative = 2;
    private readonly List<byte[]> _requests = [];
    private readonly MetricFamilies _families = new();
    private readonly ProtoBuffer _metrics = new();
    private readonly ProtoBuffer _points = new();
    private readonly ProtoBuffer _point = new();
    private readonly ProtoBuffer _message = new();
    private readonly ProtoBuffer _data = new();
    private readonly ProtoBuffer _attribute = new();
    private readonly ProtoBuffer _value = new();
    private readonly ulong _time = (ulong)(now - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
    private (string Name, MetricType Type, string Help) _family;
    private int _values;

    /// <inheritdoc/>
    public void Family(string name, MetricType type, string help)
    {
        _families.Begin(name);
        EndFamily();
        _family = (name, type, help);
    }

    /// <inheritdoc/>
    public void Sample(double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        // Without the time since when a counter counts: it is not known of all of them, and nothing stands for that.
        _point.Fixed(3, _time);
        _point.Double(4, value);
        foreach (var (name, text) in labels)
        {
            Attribute(_point, 7, name, text);
        }

        _points.Message(1, _point);
        if (++_values >= MostValues)
        {
            EndRequest();
        }
    }

    /// <summary>All of it, as bodies of requests, compressed with gzip.</summary>
    public IReadOnlyList<byte[]> ToRequests()
    {
        EndRequest();
        return _requests;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ProtoBuffer[] all = [_metrics, _points, _point, _message, _data, _attribute, _value];
        foreach (var buffer in all)
        {
            buffer.Dispose();
        }
    }

    // Metric: name 1, description 2, gauge 5, sum 7. Of both the points are 1; of a sum, how it adds up is 2 and that it only rises 3.
    private void EndFamily()
    {
        if (_points.IsEmpty)
        {
            return;
        }

        _message.Text(1, _family.Name);
        _message.Text(2, _family.Help);
        _data.Raw(_points);
        _points.Clear();
        if (_family.Type == MetricType.Counter)
        {
            _data.Number(2, Cumulative);
            _data.Number(3, 1);
        }

        _message.Message(_family.Type == MetricType.Counter ? 7 : 5, _data);
        _metrics.Message(2, _message);
    }

    // Request: resource metrics 1; of those the resource 1 with its attributes 1, and scopes 2; of a scope what wrote it 1, and metrics 2.
    private void EndRequest()
    {
        EndFamily();
        if (_values == 0)
        {
            return;
        }

        foreach (var (name, text) in resource)
        {
            Attribute(_data, 1, name, text);
        }

        _message.Message(1, _data);
        _data.Text(1, "portal");
        _point.Message(1, _data);
        _point.Raw(_metrics);
        _metrics.Clear();
        _message.Message(2, _point);
        _data.Message(1, _message);
        _requests.Add(Compress(_data.Written));
        _data.Clear();
        _values = 0;
    }

    // A pair: key 1, value 2, of which a text is 1.
    private void Attribute(ProtoBuffer target, int field, string name, string text)
    {
        _value.Text(1, text);
        _attribute.Text(1, name);
        _attribute.Message(2, _value);
        target.Message(field, _attribute);
    }

    private static byte[] Compress(ReadOnlySpan<byte> bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }
}
