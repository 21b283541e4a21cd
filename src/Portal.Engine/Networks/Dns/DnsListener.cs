using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Portal.Engine.Networks.Drivers;

namespace Portal.Engine.Networks.Dns;

/// <summary>Answers at one place, by UDP and TCP, until it is stopped.</summary>
internal sealed partial class DnsListener : IAsyncDisposable
{
    private const int Port = 53;
    private const int LongestQuery = 4096;
    private const int MostConnections = 64;
    private static readonly TimeSpan s_firstRetry = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(10);

    private readonly NameServerPlace _place;
    private readonly INameServerSockets _sockets;
    private readonly Func<NameTable> _names;
    private readonly DnsResponder _responder;
    private readonly DnsForwarder _forwarder;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stop;
    private readonly Task _ended;
    private int _connections;

    public DnsListener(
        NameServerPlace place,
        INameServerSockets sockets,
        Func<NameTable> names,
        DnsResponder responder,
        DnsForwarder forwarder,
        TimeProvider time,
        ILogger logger)
    {
        (_place, _sockets, _names) = (place, sockets, names);
        (_responder, _forwarder, _time, _logger) = (responder, forwarder, time, logger);
        _stop = _stopping.Token;
        _ended = Task.WhenAll(
            Task.Run(() => KeepAsync("udp", ServeDatagramsAsync)),
            Task.Run(() => KeepAsync("tcp", ServeStreamsAsync)));
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _ended.ConfigureAwait(false);
        _stopping.Dispose();
    }

    /// <summary>
    /// Serves, and begins again after a failure: the port may be another's, mostly for a moment, such as a copy of a socket in a process
    /// that is just being started; or the bridge may be gone for a while.
    /// </summary>
    private async Task KeepAsync(string protocol, Func<Task> serve)
    {
        var isTold = false;
        var pause = s_firstRetry;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await serve().ConfigureAwait(false);
            }
            catch (SocketException failure)
            {
                if (!isTold)
                {
                    LogFailed(_place.Address, protocol, failure);
                    isTold = true;
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(pause, _time, _stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < s_retry ? pause * 2 : s_retry;
        }
    }

    private async Task ServeDatagramsAsync()
    {
        using var socket = _sockets.Open(SocketType.Dgram, new IPEndPoint(_place.Address, Port), _place.NamespacePath);
        var buffer = new byte[LongestQuery];
        var anyone = new IPEndPoint(_place.Address.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        while (true)
        {
            var received = await socket.ReceiveFromAsync(buffer, anyone, _stop).ConfigureAwait(false);
            var asker = (IPEndPoint)received.RemoteEndPoint;
            var query = buffer.AsMemory(0, received.ReceivedBytes);
            var names = _names();
            var client = _place.ClientOf(names, asker.Address);
            if (_responder.TryAnswer(query.Span, client, names, isStream: false, out var answer))
            {
                // Others take their time; the next question must not wait for them. Their number is bounded in the forwarder.
                _ = ForwardAsync(socket, query.ToArray(), asker, client);
            }
            else if (answer is not null)
            {
                await SendAsync(socket, answer, asker).ConfigureAwait(false);
            }
        }
    }

    private async Task ForwardAsync(Socket socket, byte[] query, IPEndPoint asker, NameClient? client)
    {
        try
        {
            var answer = await _forwarder.AskAsync(query, client, isStream: false, _stop).ConfigureAwait(false);
            await SendAsync(socket, answer, asker).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is ObjectDisposedException or OperationCanceledException or IOException)
        {
            LogUnanswered(_place.Address, failure);
        }
    }

    private async Task SendAsync(Socket socket, byte[] answer, IPEndPoint asker)
    {
        try
        {
            await socket.SendToAsync(answer, asker, _stop).ConfigureAwait(false);
        }
        catch (SocketException failure)
        {
            // The container ended while it waited; that must not end the service for the others.
            LogUnanswered(_place.Address, failure);
        }
    }

    private async Task ServeStreamsAsync()
    {
        using var listener = _sockets.Open(SocketType.Stream, new IPEndPoint(_place.Address, Port), _place.NamespacePath);
        while (true)
        {
            var client = await listener.AcceptAsync(_stop).ConfigureAwait(false);
            if (Interlocked.Increment(ref _connections) > MostConnections)
            {
                Interlocked.Decrement(ref _connections);
                client.Dispose();
                continue;
            }

            _ = ServeStreamAsync(client);
        }
    }

    private async Task ServeStreamAsync(Socket client)
    {
        try
        {
            var stream = new NetworkStream(client, ownsSocket: true);
            await using (stream.ConfigureAwait(false))
            {
                var asker = ((IPEndPoint)client.RemoteEndPoint!).Address;
                while (await AnswerNextAsync(stream, asker).ConfigureAwait(false))
                {
                    // One connection may ask again and again.
                }
            }
        }
        catch (Exception failure) when (failure is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            LogUnanswered(_place.Address, failure);
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }

    private async Task<bool> AnswerNextAsync(NetworkStream stream, IPAddress asker)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop);
        patience.CancelAfter(s_idle);
        if (await DnsStream.ReadAsync(stream, LongestQuery, patience.Token).ConfigureAwait(false) is not { } query)
        {
            return false;
        }

        var names = _names();
        var client = _place.ClientOf(names, asker);
        if (_responder.TryAnswer(query, client, names, isStream: true, out var answer))
        {
            answer = await _forwarder.AskAsync(query, client, isStream: true, patience.Token).ConfigureAwait(false);
        }

        if (answer is null)
        {
            return false;
        }

        await DnsStream.WriteAsync(stream, answer, patience.Token).ConfigureAwait(false);
        return true;
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Names can't be answered at {Address} by {Protocol} now; it is tried again each second")]
    private partial void LogFailed(IPAddress address, string protocol, Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A question about a name at {Address} was not answered")]
    private partial void LogUnanswered(IPAddress address, Exception exception);
}
