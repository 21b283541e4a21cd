using System.Net.WebSockets;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Portal.Contracts.Consoles.V1;
using Portal.Web.Features.Consoles.Rules;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Languages;

namespace Portal.Web.Features.Consoles;

/// <summary>
/// Carries one terminal between a browser's WebSocket and a console on a node. Binary messages are the terminal's bytes, as they are; text messages
/// are JSON. From the browser: <c>{"type":"resize","columns":80,"rows":24}</c> and <c>{"type":"ack","bytes":n}</c>. To it: <c>opened</c> with the
/// console's id, the position of its next byte and what it is; <c>resized</c>, <c>skipped</c> and <c>changed</c> as they come; in the end
/// <c>exited</c> with words for it, or <c>failed</c>, with <c>again</c> when the console may still be there.
/// </summary>
/// <remarks>
/// A WebSocket in a browser has no way to hold the sender up, so the terminal acknowledges what it has drawn: beyond a window of
/// unacknowledged bytes no more is read from the node, and the program waits, as it would for any terminal.
/// </remarks>
internal sealed class ConsoleSession(
    WebSocket socket, CallInvoker invoker, ConsoleRequest request, string person, ConsolePolicy policy) : IDisposable
{
    private const int Window = 256 * 1024;
    private const int LongestMessage = 64 * 1024;
    private static readonly string s_revoked = N("You may no longer have this console: your permission or your session has ended.");
    private static readonly string s_lost = N("The connection to the node broke off.");
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim _acknowledged = new(0);
    private long _unacknowledged;

    /// <summary>The console's id, once it is known.</summary>
    public string Id { get; private set; } = request.Join;

    /// <summary>Runs it until the program ends, or either side goes.</summary>
    /// <param name="revoked">Ends, in whatever way, when this person may not have the console any more.</param>
    /// <param name="cancellationToken">Ends it without a word.</param>
    public async Task<ConsoleOutcome> RunAsync(Task revoked, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // The node's side alone: the socket is still needed to say why.
        using var node = CancellationTokenSource.CreateLinkedTokenSource(ending.Token);
        var client = new ConsoleService.ConsoleServiceClient(invoker);
        using var call = request.IsOnNode
            ? client.OpenNodeShell(cancellationToken: node.Token)
            : client.OpenConsole(cancellationToken: node.Token);
        ConsoleOutcome outcome;
        var input = Task.CompletedTask;
        try
        {
            await call.RequestStream.WriteAsync(request.ToMessage(person, policy), node.Token);
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
            await SayAsync(InWords(s_revoked));
            outcome = new ConsoleOutcome(true, s_revoked);
        }
        catch (RpcException failure) when (failure.StatusCode != StatusCode.Cancelled && !ending.IsCancellationRequested)
        {
            var message = NodeCallException.From(failure, "of this console").Message;
            await SendAsync(new { type = "failed", message = InWords(message), again = IsPassing(failure) }, CancellationToken.None);
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

    private async Task<ConsoleOutcome> PumpOutputAsync(IAsyncStreamReader<OpenConsoleResponse> output, CancellationToken cancellationToken)
    {
        await foreach (var message in output.ReadAllAsync(cancellationToken))
        {
            switch (message.EventCase)
            {
                case OpenConsoleResponse.EventOneofCase.Opened:
                    Id = message.Opened.Console?.Id ?? Id;
                    await SendAsync(ToNews(message.Opened), cancellationToken);
                    break;
                case OpenConsoleResponse.EventOneofCase.Output:
                    await SendOutputAsync(message.Output.Memory, cancellationToken);
                    break;
                case OpenConsoleResponse.EventOneofCase.Resized:
                    await SendAsync(
                        new { type = "resized", columns = message.Resized.Columns, rows = message.Resized.Rows }, cancellationToken);
                    break;
                case OpenConsoleResponse.EventOneofCase.SkippedTo:
                    await SendAsync(new { type = "skipped", position = message.SkippedTo }, cancellationToken);
                    break;
                case OpenConsoleResponse.EventOneofCase.Changed:
                    await SendAsync(new { type = "changed", console = ToNews(message.Changed) }, cancellationToken);
                    break;
                case OpenConsoleResponse.EventOneofCase.Exited:
                    var end = ConsoleWords.EndOf(message.Exited);
                    await SendAsync(
                        new { type = "exited", code = message.Exited.ExitCode, message = InWords(end) }, cancellationToken);
                    return new ConsoleOutcome(false, end, Ended: true);
            }
        }

        await SendAsync(new { type = "failed", message = InWords(s_lost), again = true }, cancellationToken);
        return new ConsoleOutcome(true, s_lost);
    }

    // The terminal is told in its reader's language; the audit log is not.
    private string InWords(string said) => LanguageFlow.In(request.Language, () => Told(said));

    private static object ToNews(ConsoleOpened opened) => new
    {
        type = "opened",
        command = opened.Command.ToArray(),
        position = opened.Position,
        columns = opened.Size?.Columns ?? 80,
        rows = opened.Size?.Rows ?? 24,
        mayType = opened.MayType,
        terminal = opened.Terminal,
        console = ToNews(opened.Console ?? new ConsoleInfo()),
    };

    private static object ToNews(ConsoleInfo console) => new
    {
        id = console.Id,
        name = console.Name,
        owner = console.Owner,
        sharing = (int)console.Sharing,
        recorded = console.Recorded,
        viewers = console.Viewers.Select(viewer => viewer.Person).ToArray(),
    };

    // The node or its agent is away for now: a console that was there may be there again.
    private static bool IsPassing(RpcException failure) =>
        failure.StatusCode is StatusCode.Unavailable or StatusCode.Internal or StatusCode.DeadlineExceeded;

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
