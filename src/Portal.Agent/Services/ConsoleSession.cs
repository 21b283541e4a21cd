using Google.Protobuf;
using Grpc.Core;
using Portal.Contracts.Consoles.V1;
using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Runtime;

namespace Portal.Agent.Services;

/// <summary>
/// One open console: keys in, screen out, until either side ends it. Whatever ends it, the program does not stay
/// behind: SIGHUP, and SIGKILL
/// five seconds later.
/// </summary>
internal sealed partial class ConsoleSession(
    string execId, IProcessStreams streams, IExecs execs, TimeProvider time, ILogger<ConsoleSession> logger)
    : IAsyncDisposable
{
    private const int LargestInput = 64 * 1024;
    private const int HangUp = 1;
    private const int Kill = 9;
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);

    public async Task RunAsync(
        ConsoleOpened opened,
        IAsyncStreamReader<OpenConsoleRequest> requests,
        IServerStreamWriter<OpenConsoleResponse> responses,
        CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await responses.WriteAsync(new OpenConsoleResponse { Opened = opened }, cancellationToken).ConfigureAwait(false);
        var input = ReadInputAsync(requests, ending.Token);
        var output = WriteOutputAsync(responses, ending.Token);
        var first = await Task.WhenAny(input, output).ConfigureAwait(false);
        await ending.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(input, output).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // Whichever ended the session tells how it ended; the other was cancelled for it.
        await first.ConfigureAwait(false);
        if (first == output)
        {
            var exitCode = await execs.WaitAsync(execId, cancellationToken).ConfigureAwait(false);
            var exited = new OpenConsoleResponse { Exited = new ConsoleExited { ExitCode = exitCode } };
            await responses.WriteAsync(exited, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await streams.DisposeAsync().ConfigureAwait(false);
        try
        {
            await EndProgramAsync().ConfigureAwait(false);
        }
        catch (EngineException failure) when (failure.Kind is EngineErrorKind.NotFound or EngineErrorKind.Conflict)
        {
            // It ended by itself, or the container is gone with everything in it.
            LogGone(execId, failure.Kind);
        }
    }

    private async Task EndProgramAsync()
    {
        var info = await execs.InspectAsync(execId).ConfigureAwait(false);
        if (!info.Running)
        {
            return;
        }

        await execs.KillAsync(execId, HangUp).ConfigureAwait(false);
        using var grace = new CancellationTokenSource(s_grace, time);
        try
        {
            await execs.WaitAsync(execId, grace.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (grace.IsCancellationRequested)
        {
            LogKilled(execId);
            await execs.KillAsync(execId, Kill).ConfigureAwait(false);
        }
    }

    private async Task ReadInputAsync(IAsyncStreamReader<OpenConsoleRequest> requests, CancellationToken cancellationToken)
    {
        while (await requests.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            switch (requests.Current.EventCase)
            {
                case OpenConsoleRequest.EventOneofCase.Input when requests.Current.Input.Length <= LargestInput:
                    await WriteInputAsync(requests.Current.Input.Memory, cancellationToken).ConfigureAwait(false);
                    break;
                case OpenConsoleRequest.EventOneofCase.Resize:
                    await ResizeAsync(requests.Current.Resize, cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    throw EngineException.InvalidArgument(
                        $"A console that is open takes 'resize', and 'input' of at most {LargestInput} bytes.");
            }
        }
    }

    private async Task WriteInputAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        try
        {
            await streams.WriteAsync(input, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException failure)
        {
            // The program has ended; its last output and its exit code are still on their way.
            LogInputLost(execId, failure);
        }
    }

    private async Task ResizeAsync(ConsoleSize size, CancellationToken cancellationToken)
    {
        var checkedSize = ConsoleGrpcService.ToSize(size);
        try
        {
            await execs.ResizeAsync(execId, checkedSize, cancellationToken).ConfigureAwait(false);
        }
        catch (EngineException failure) when (failure.Kind is EngineErrorKind.NotFound or EngineErrorKind.Conflict)
        {
            LogGone(execId, failure.Kind);
        }
    }

    private async Task WriteOutputAsync(IServerStreamWriter<OpenConsoleResponse> responses, CancellationToken cancellationToken)
    {
        while (await streams.ReadAsync(cancellationToken).ConfigureAwait(false) is { } chunk)
        {
            var output = new OpenConsoleResponse { Output = ByteString.CopyFrom(chunk.Data.Span) };
            await responses.WriteAsync(output, cancellationToken).ConfigureAwait(false);
        }
    }

    [LoggerMessage(3210, LogLevel.Debug, "Console {ExecId} has ended already ({Kind}).")]
    private partial void LogGone(string execId, EngineErrorKind kind);

    [LoggerMessage(3211, LogLevel.Information, "Console {ExecId} did not end when it was hung up and is killed.")]
    private partial void LogKilled(string execId);

    [LoggerMessage(3212, LogLevel.Debug, "Input to console {ExecId} came after its end.")]
    private partial void LogInputLost(string execId, Exception failure);
}
