using System.Globalization;
using System.Text;

namespace Portal.Contracts.Metrics;

/// <summary>
/// Writes metrics in Prometheus' text format 0.0.4
/// (<see href="https://prometheus.io/docs/instrumenting/exposition_formats/"/>), which all collectors of the field read.
/// </summary>
/// <remarks>One for each answer; not thread-safe. A family is begun once, and its samples follow it: the format demands both.</remarks>
public sealed class ExpositionWriter
{
    /// <summary>The media type of the answer.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();
    private readonly HashSet<string> _families = new(StringComparer.Ordinal);
    private string _name = "";

    /// <summary>Begins a metric.</summary>
    /// <param name="name">Letters, digits, underscores and colons; that of a counter ends in <c>_total</c>.</param>
    /// <param name="type">What its numbers mean.</param>
    /// <param name="help">A sentence for people.</param>
    /// <exception cref="ArgumentException">It was begun before, or the name is none.</exception>
    public void Family(string name, MetricType type, string help)
    {
        if (name.Length == 0 || char.IsAsciiDigit(name[0])
            || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or ':'))
        {
            throw new ArgumentException($"'{name}' is no name of a metric.", nameof(name));
        }

        if (!_families.Add(name))
        {
            throw new ArgumentException($"The metric '{name}' was begun before.", nameof(name));
        }

        _name = name;
        _text.Append("# HELP ").Append(name).Append(' ')
            .Append(help.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal)).Append('\n')
            .Append("# TYPE ").Append(name).Append(type == MetricType.Counter ? " counter\n" : " gauge\n");
    }

    /// <summary>A value of the metric that was begun last.</summary>
    /// <param name="value">Any number, the infinite ones too.</param>
    /// <param name="labels">Names and values; the values may hold anything.</param>
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

    /// <summary>All of it as UTF-8; half a character, which no UTF-8 can say, becomes a replacement character.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_text.ToString());
}
