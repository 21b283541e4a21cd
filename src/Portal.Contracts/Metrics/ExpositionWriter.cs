using System.Buffers;
using System.Globalization;
using System.Text;

namespace Portal.Contracts.Metrics;

/// <summary>
/// Writes metrics in Prometheus' text format 0.0.4
/// (<see href="https://prometheus.io/docs/instrumenting/exposition_formats/"/>), which all collectors of the field read.
/// </summary>
/// <remarks>One for each answer; not thread-safe. A family is begun once, and its samples follow it: the format demands both.</remarks>
public sealed class ExpositionWriter : IMetricWriter
{
    /// <summary>The media type of the answer.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private const int PartBytes = 32768;
    private readonly Encoder _encoder = Encoding.UTF8.GetEncoder();
    private readonly StringBuilder _text = new();
    private readonly MetricFamilies _families = new();
    private string _name = "";

    /// <inheritdoc/>
    public void Family(string name, MetricType type, string help)
    {
        _families.Begin(name);
        _name = name;
        _text.Append("# HELP ").Append(name).Append(' ')
            .Append(help.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal)).Append('\n')
            .Append("# TYPE ").Append(name).Append(type == MetricType.Counter ? " counter\n" : " gauge\n");
    }

    /// <inheritdoc/>
    public void Sample(double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        _text.Append(_name);
        var separator = '{';
        foreach (var (name, text) in labels)
        {
            _text.Append(separator).Append(name).Append("=\"");
            separator = ',';
            foreach (var letter in text)
            {
                _ = letter switch
                {
                    '\\' => _text.Append(@"\\"),
                    '"' => _text.Append("\\\""),
                    '\n' => _text.Append(@"\n"),
                    _ => _text.Append(letter),
                };
            }

            _text.Append('"');
        }

        _text.Append(labels.Length > 0 ? "} " : " ");
        _text.Append(value switch
        {
            double.PositiveInfinity => "+Inf",
            double.NegativeInfinity => "-Inf",
            double.NaN => "NaN",
            _ => value.ToString("R", CultureInfo.InvariantCulture),
        }).Append('\n');
    }

    /// <summary>
    /// Sends what was written since, so that no more of an answer than a part of it is held; the next goes on after it. Half a character, which
    /// no UTF-8 can say, becomes a replacement character.
    /// </summary>
    /// <param name="stream">Where to.</param>
    /// <param name="cancellationToken">Gives up; nothing more can be sent then.</param>
    public async Task FlushAsync(Stream stream, CancellationToken cancellationToken)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(PartBytes);
        try
        {
            foreach (var chunk in _text.GetChunks())
            {
                for (var rest = chunk; rest.Length > 0;)
                {
                    _encoder.Convert(rest.Span, bytes, flush: false, out var used, out var written, out _);
                    await stream.WriteAsync(bytes.AsMemory(0, written), cancellationToken).ConfigureAwait(false);
                    rest = rest[used..];
                }
            }

            _text.Clear();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>All of it as UTF-8; half a character, which no UTF-8 can say, becomes a replacement character.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_text.ToString());
}
