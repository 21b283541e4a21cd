using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Networks.Overlay;

/// <summary>Asks hosts at a port all the time, each in turn and each time over a new connection, and counts what is not answered.</summary>
internal sealed class IngressLoad : IAsyncDisposable
{
    private const int AtOnce = 4;
    private static readonly TimeSpan s_patience = TestSettings.Within(TimeSpan.FromSeconds(10));

    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentDictionary<string, int> _answers = new(StringComparer.Ordinal);
    private readonly int[] _turns = new int[AtOnce];
    private readonly Task[] _askers;
    private int _lost;

    public IngressLoad(string from, IPAddress[] hosts, int port)
    {
        _askers = [.. Enumerable.Range(0, AtOnce).Select(number => AskAsync(from, hosts, port, number))];
    }

    /// <summary>How many were refused, broken or left without an answer.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>Who answered.</summary>
    public IEnumerable<string> Names => _answers.Keys;

    /// <summary>Waits until each of those that ask has begun and ended some more: what was under way before is over then.</summary>
    public Task GoOnAsync(int turns)
    {
        int[] enough = [.. Enumerable.Range(0, AtOnce).Select(number => Volatile.Read(ref _turns[number]) + turns + 1)];
        return Eventually.HoldsAsync(
            () => Enumerable.Range(0, AtOnce).All(number => Volatile.Read(ref _turns[number]) >= enough[number]), $"{turns} more turns");
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_askers);
        _ending.Dispose();
    }

    private async Task AskAsync(string from, IPAddress[] hosts, int port, int number)
    {
        await Task.Yield();
        for (var turn = number; !_ending.IsCancellationRequested; turn++)
        {
            if (await AnswerAsync(from, new IPEndPoint(hosts[turn % hosts.Length], port)) is { } name)
            {
                _answers.AddOrUpdate(name, 1, (_, count) => count + 1);
            }
            else if (!_ending.IsCancellationRequested)
            {
                Interlocked.Increment(ref _lost);
            }

            Interlocked.Increment(ref _turns[number]);
        }
    }

    private async Task<string?> AnswerAsync(string from, IPEndPoint host)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
        deadline.CancelAfter(s_patience);
        using var socket = EchoServer.Make(from, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(host, deadline.Token);
            await socket.SendAsync("?"u8.ToArray(), deadline.Token);
            var buffer = new byte[16];
            var read = await socket.ReceiveAsync(buffer, deadline.Token);
            return read > 0 ? Encoding.ASCII.GetString(buffer, 0, read) : null;
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            return null;
        }
    }
}
