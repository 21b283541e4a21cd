using System.Net.WebSockets;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Portal.Contracts.Consoles.V1;
using Portal.Web.Features.NodeCalls;

namespace Portal.Web.Features.Consoles;

/// <summary>
/// Carries one terminal between a browser's WebSocket and a node. Binary messages are the terminal's bytes, as they are; text messages are
/// JSON: from the browser <c>{"type":"resize","columns":80,"rows":24}</c> and <c>{"type":"ack","bytes":n}</c>, to it
/// <c>{"type":"opened","command":[...]}</c>, <c>{"type":"exited","code":0}</c> and <c>{"type":"failed","message":"..."}</c>.
/// </summary>
/// <remarks>
/// A WebSocket in a browser has no way to hold the sender up, so the terminal acknowledges what it has drawn: beyond a window of
/// unacknowledged bytes no more is read from the node, and the program in the container waits, as it would for any terminal.
/// </remarks>
internal sealed class ConsoleSession(WebSocket socket, CallInvoker invoker, ConsoleRequest request) : IDisposable
{
    private const int Window = 512 * 1024;
    private const int LongestMessage = 64 * 1024;
    private const string Revoked = "You may no longer have this console: your permission or your session has ended.";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim _acknowledged = new(0);
    private long _unacknowledged;

    /// <summary>Runs it until the program ends, or either side goes.</summary>
    /// <param name="revoked">Ends, in whatever way, when this person may not have the console any more.</param>
    /// <param name="cancellationToken">Ends it without a word.</param>
    public async Task<ConsoleOutcome> RunAsync(Task revoked, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // The node's side alone: the socket is still needed to say why.
        using var node = CancellationTokenSource.CreateLinkedTokenSource(ending.Token);
        using var call = new ConsoleService.ConsoleServiceClient(invoker).OpenConsole(cancellationToken: node.Token);
        ConsoleOutcome outcome;
        var input = Task.CompletedTask;
        try
        {
            await call.RequestStream.WriteAsync(new OpenConsoleRequest { Open = Describe() }, node.Token);
            input = PumpInputAsync(call.RequestStream, ending);
            var output = PumpOutputAsync(call.ResponseStream, node.Token);
            if (await Task.WhenAny(output, revoked) == revoked)
            {
                await node.CancelAsync();
            }

            outcome = await output;
        }
        catch (Exception failure) when (IsOver(failure) && revoked.IsCompleted && !cancellationToken.IsCancellationRequested)
        {
            await SayAsync(Revoked);
            outcome = new ConsoleOutcome(true, Revoked);
        }
        catch (RpcException failure) when (failure.StatusCode != StatusCode.Cancelled && !ending.IsCancellationRequested)
        {
            var message = NodeCallException.From(failure, "of this container").Message;
            await SendAsync(new { type = "failed", message }, CancellationToken.None);
            outcome = new ConsoleOutcome(true, message);
        }
        catch (Exception failure) when (IsOver(failure))
        {
            outcome = new ConsoleOutcome(false, "closed by the browser");
        }

        // A receive that is cancelled aborts the socket: so say goodbye first, and give the browser a moment to answer.
        await CloseAsync();
        await Task.WhenAny(input, Task.Delay(s_patience, CancellationToken.None));
        await ending.CancelAsync();
        await input;
        return outcome;
    }

    public void Dispose() => _acknowledged.Dispose();

    private ConsoleOpen Describe()
    {
        var open = new ConsoleOpen
        {
            Container = request.Container.Id,
            User = request.User,
            Size = new ConsoleSize { Columns = 80, Rows = 24 },
        };
        open.Command.AddRange(request.Command);
        return open;
    }

    private async Task<ConsoleOutcome> PumpOutputAsync(IAsyncStreamReader<OpenConsoleResponse> output, CancellationToken cancellationToken)
    {
        await foreach (var message in output.ReadAllAsync(cancellationToken))
        {
            switch (message.EventCase)
            {
                case OpenConsoleResponse.EventOneofCase.Opened:
                    await SendAsync(new { type = "opened", command = message.Opened.Command.ToArray() }, cancellationToken);
                    break;
                case OpenConsoleResponse.EventOneofCase.Output:
                    await SendOutputAsync(message.Output.Memory, cancellationToken);
                    break;
                case OpenConsoleResponse.EventOneofCase.Exited:
                    await SendAsync(new { type = "exited", code = message.Exited.ExitCode }, cancellationToken);
                    return new ConsoleOutcome(false, $"the program ended with exit code {message.Exited.ExitCode}");
            }
        }

        const string lost = "The connection to the node broke off.";
        await SendAsync(new { type = "failed", message = lost }, cancellationToken);
        return new ConsoleOutcome(true, lost);
    }

    private async Task SendOutputAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (Interlocked.Read(ref _unacknowledged) > Window)
        {
            await _acknowledged.WaitAsync(cancellationToken);
        }

        Interlocked.Add(ref _unacknowledged, bytes.Length);
        await socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
    }

    private async Task PumpInputAsync(IClientStreamWriter<OpenConsoleRequest> node, CancellationTokenSource ending)
    {
        var buffer = new byte[LongestMessage];
        try
        {
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult received;
                do
                {
                    received = await socket.ReceiveAsync(buffer.AsMemory(length), ending.Token);
                    length += received.Count;
                }
                while (!received.EndOfMessage && length < buffer.Length && received.MessageType == WebSocketMessageType.Text);

                if (received.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                if (received.MessageType == WebSocketMessageType.Binary)
                {
                    var input = ByteString.CopyFrom(buffer, 0, length);
                    await node.WriteAsync(new OpenConsoleRequest { Input = input }, ending.Token);
                }
                else
                {
                    await ControlAsync(buffer.AsMemory(0, length), node, ending.Token);
                }
            }
        }
        catch (Exception failure) when (failure is WebSocketException or OperationCanceledException or RpcException
            or InvalidOperationException or JsonException)
        {
            // The browser went, the call ended, or somebody sent what no page of ours sends: in each case this console is over.
        }

        await ending.CancelAsync();
    }

    private async Task ControlAsync(
        ReadOnlyMemory<byte> message, IClientStreamWriter<OpenConsoleRequest> node, CancellationToken cancellationToken)
    {
        using var document = JsonDocument.Parse(message);
        var root = document.RootElement;
        switch (root.GetProperty("type").GetString())
        {
            case "resize":
                var size = new ConsoleSize
                {
                    Columns = Math.Clamp(root.GetProperty("columns").GetInt32(), 1, 1000),
                    Rows = Math.Clamp(root.GetProperty("rows").GetInt32(), 1, 1000),
                };
                await node.WriteAsync(new OpenConsoleRequest { Resize = size }, cancellationToken);
                break;
            case "ack":
                Interlocked.Add(ref _unacknowledged, -Math.Clamp(root.GetProperty("bytes").GetInt64(), 0, Window * 4));
                if (_acknowledged.CurrentCount == 0)
                {
                    _acknowledged.Release();
                }

                break;
        }
    }

    private Task SendAsync<T>(T message, CancellationToken cancellationToken) =>
        socket.State == WebSocketState.Open
            ? socket.SendAsync(
                JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, endOfMessage: true, cancellationToken)
            : Task.CompletedTask;

    private static bool IsOver(Exception failure) => failure is RpcException or OperationCanceledException or WebSocketException;

    private async Task SayAsync(string message)
    {
        try
        {
            using var patience = new CancellationTokenSource(s_patience);
            await SendAsync(new { type = "failed", message }, patience.Token);
        }
        catch (Exception failure) when (failure is WebSocketException or OperationCanceledException)
        {
            // A browser that does not listen is cut off all the same.
            socket.Abort();
        }
    }

    private async Task CloseAsync()
    {
        try
        {
            using var patience = new CancellationTokenSource(s_patience);
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
            }
        }
        catch (Exception failure) when (failure is WebSocketException or OperationCanceledException)
        {
            // The browser is gone; there is nobody to say goodbye to.
            socket.Abort();
        }
    }
}
