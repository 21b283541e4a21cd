using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Portal.Testing;

namespace Portal.Link.Tests.Environment;

/// <summary>Asks hosts for a page all the time, each in turn and each time over a new connection, and counts what is not answered.</summary>
internal sealed class HttpLoad : IAsyncDisposable
{
    private const int AtOnce = 3;
    private static readonly TimeSpan s_patience = TestSettings.Within(TimeSpan.FromSeconds(10));
    private static readonly TimeSpan s_short = TestSettings.Within(TimeSpan.FromSeconds(2));
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(5);

    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentDictionary<string, int> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _lost = new();
    private readonly Task[] _askers;
    private long _slowest;

    public HttpLoad(IReadOnlyList<string> hosts, int port) =>
        _askers = [.. Enumerable.Range(0, AtOnce).Select(number => Task.Run(() => AskAsync(hosts, port, number)))];

    /// <summary>What was refused, broken or left without an answer: how.</summary>
    public IReadOnlyCollection<string> Lost => _lost;

    /// <summary>How many each answered.</summary>
    public IReadOnlyDictionary<string, int> Answers => _answers;

    /// <summary>How long the slowest took.</summary>
    public TimeSpan Slowest => TimeSpan.FromTicks(Volatile.Read(ref _slowest));

    /// <summary>The page of a host, without its end of line; null for none.</summary>
    public static async Task<string?> GetAsync(string host, int port)
    {
        try
        {
            using var deadline = new CancellationTokenSource(s_short);
            return await GetAsync(host, port, deadline.Token);
        }
        catch (Exception failure) when (failure is SocketException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_askers);
        _ending.Dispose();
    }

    private static async Task<string?> GetAsync(string host, int port, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(s_patience);
        using var client = new TcpClient();
        await client.ConnectAsync(host, port, deadline.Token);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.0\r\n\r\n"), deadline.Token);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var answer = await reader.ReadToEndAsync(deadline.Token);
        return answer.StartsWith("HTTP/1.0 200", StringComparison.Ordinal) || answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal)
            ? answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..].Trim() : null;
    }

    private async Task AskAsync(IReadOnlyList<string> hosts, int port, int number)
    {
        for (var turn = number; !_ending.IsCancellationRequested; turn++)
        {
            var host = hosts[turn % hosts.Count];
            var begun = Stopwatch.GetTimestamp();
            try
            {
                if (await GetAsync(host, port, _ending.Token) is { Length: > 0 } name)
                {
                    _answers.AddOrUpdate(name, 1, (_, count) => count + 1);
                    Keep(Stopwatch.GetElapsedTime(begun));
                }
                else
                {
                    _lost.Enqueue($"{host}: no page");
                }

                await Task.Delay(s_pause, _ending.Token);
            }
            catch (Exception failure) when (failure is SocketException or IOException or OperationCanceledException)
            {
                if (!_ending.IsCancellationRequested)
                {
                    _lost.Enqueue($"{host}: {failure.Message}");
                }
            }
        }
    }

    private void Keep(TimeSpan took)
    {
        for (var before = Volatile.Read(ref _slowest); took.Ticks > before; before = Volatile.Read(ref _slowest))
        {
            Interlocked.CompareExchange(ref _slowest, took.Ticks, before);
        }
    }
}
