using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Portal.Engine.Networks.Dns;

/// <summary>Answers at one address, by UDP and TCP, until it is stopped.</summary>
internal sealed partial class DnsListener : IAsyncDisposable
{
    private const int Port = 53;
    private const int LongestQuery = 4096;
    private const int MostConnections = 64;
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(10);

    private readonly IPAddress _address;
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
        IPAddress address, Func<NameTable> names, DnsResponder responder, DnsForwarder forwarder, TimeProvider time, ILogger logger)
    {
        (_address, _names, _responder, _forwarder, _time, _logger) = (address, names, responder, forwarder, time, logger);
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

    /// <summary>Serves, and begins again after a failure: the port may be another's, or the bridge may be gone for a moment.</summary>
    private async Task KeepAsync(string protocol, Func<Task> serve)
    {
        var isTold = false;
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
                    LogFailed(_address, protocol, failure);
                    isTold = true;
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(s_retry, _time, _stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ServeDatagramsAsync()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(_address, Port));
        var buffer = new byte[LongestQuery];
        var anyone = new IPEndPoint(IPAddress.Any, 0);
        while (true)
        {
            var received = await socket.ReceiveFromAsync(buffer, anyone, _stop).ConfigureAwait(false);
            var asker = (IPEndPoint)received.RemoteEndPoint;
            var query = buffer.AsMemory(0, received.ReceivedBytes);
            if (_responder.TryAnswer(query.Span, asker.Address, _names(), isStream: false, out var answer))
            {
                // Others take their time; the next question must not wait for them. Their number is bounded in the forwarder.
                _ = ForwardAsync(socket, query.ToArray(), asker);
            }
            else if (answer is not null)
            {
                await SendAsync(socket, answer, asker).ConfigureAwait(false);
            }
        }
    }

    private async Task ForwardAsync(Socket socket, byte[] query, IPEndPoint asker)
    {
        try
        {
            var answer = await _forwarder.AskAsync(query, isStream: false, _stop).ConfigureAwait(false);
            await SendAsync(socket, answer, asker).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is ObjectDisposedException or OperationCanceledException or IOException)
        {
            LogUnanswered(_address, failure);
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
            LogUnanswered(_address, failure);
        }
    }

    private async Task ServeStreamsAsync()
    {
        using var listener = new TcpListener(_address, Port);
        listener.Start();
        while (true)
        {
            var client = await listener.AcceptTcpClientAsync(_stop).ConfigureAwait(false);
            if (Interlocked.Increment(ref _connections) > MostConnections)
            {
                Interlocked.Decrement(ref _connections);
                client.Dispose();
                continue;
            }

            _ = ServeStreamAsync(client);
        }
    }

    private async Task ServeStreamAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                var asker = ((IPEndPoint)client.Client.RemoteEndPoint!).Address;
                while (await AnswerNextAsync(client.GetStream(), asker).ConfigureAwait(false))
                {
                    // One connection may ask again and again.
                }
            }
        }
        catch (Exception failure) when (failure is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            LogUnanswered(_address, failure);
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

        if (_responder.TryAnswer(query, asker, _names(), isStream: true, out var answer))
        {
            answer = await _forwarder.AskAsync(query, isStream: true, patience.Token).ConfigureAwait(false);
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
