using System.Globalization;

namespace Portal.Web.Features.Nodes.Details;

/// <summary>The round trips over a node's link that a page has seen: the portal pings each node every two seconds.</summary>
public sealed class LatencyTrace
{
    private const int Most = 90;
    private readonly Queue<double> _seen = new();
    private TimeSpan? _last;

    /// <summary>In milliseconds, oldest first.</summary>
    public IReadOnlyList<double> Milliseconds => [.. _seen];

    public double Largest => _seen.Count == 0 ? 1 : Math.Max(1, _seen.Max() * 1.2);

    public string Now => _last is { } last ? $"{Text(last.TotalMilliseconds)} ms" : "–";

    public string Note => _seen.Count < 2 ? T("measured every two seconds")
        : T("median {0} ms, most {1} ms", Text(_seen.Order().ElementAt(_seen.Count / 2)), Text(_seen.Max()));

    /// <summary>Takes the newest; the same one again is no new one.</summary>
    public void Add(TimeSpan? latency)
    {
        if (latency == _last)
        {
            return;
        }

        _last = latency;
        if (latency is { } measured)
        {
            _seen.Enqueue(measured.TotalMilliseconds);
            if (_seen.Count > Most)
            {
                _seen.Dequeue();
            }
        }
    }

    private static string Text(double milliseconds) =>
        milliseconds.ToString(milliseconds < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
