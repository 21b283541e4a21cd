using Grpc.Core;
using Portal.Contracts.Consoles.V1;
using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Runtime;

namespace Portal.Agent.Services;

internal sealed class ConsoleGrpcService(IExecs execs, TimeProvider time, ILogger<ConsoleSession> logger)
    : ConsoleService.ConsoleServiceBase
{
    private const int LargestSide = 1000;
    private static readonly string[][] s_shells = [["bash"], ["ash"], ["sh"]];

    public override async Task OpenConsole(
        IAsyncStreamReader<OpenConsoleRequest> requestStream,
        IServerStreamWriter<OpenConsoleResponse> responseStream,
        ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken).ConfigureAwait(false)
            || requestStream.Current.EventCase != OpenConsoleRequest.EventOneofCase.Open)
        {
            throw EngineException.InvalidArgument("A console begins with 'open'.");
        }

        var open = requestStream.Current.Open;
        var (execId, command, streams) = await StartAsync(open, context.CancellationToken).ConfigureAwait(false);
        var session = new ConsoleSession(execId, streams, execs, time, logger);
        await using (session.ConfigureAwait(false))
        {
            var opened = new ConsoleOpened();
            opened.Command.AddRange(command);
            await session.RunAsync(opened, requestStream, responseStream, context.CancellationToken).ConfigureAwait(false);
        }
    }

    internal static TerminalSize ToSize(ConsoleSize? size)
    {
        // An older terminal's size is the only one that every program can live with when none is told.
        if (size is null)
        {
            return new TerminalSize(80, 24);
        }

        return size.Columns is >= 1 and <= LargestSide && size.Rows is >= 1 and <= LargestSide
            ? new TerminalSize(size.Columns, size.Rows)
            : throw EngineException.InvalidArgument($"A terminal has 1 to {LargestSide} columns and rows.");
    }

    private async Task<(string ExecId, IReadOnlyList<string> Command, IProcessStreams Streams)> StartAsync(
        ConsoleOpen open, CancellationToken cancellationToken)
    {
        if (open.Command.Count > 0)
        {
            return await StartAsync(open, [.. open.Command], cancellationToken).ConfigureAwait(false);
        }

        foreach (var shell in s_shells[..^1])
        {
            try
            {
                return await StartAsync(open, shell, cancellationToken).ConfigureAwait(false);
            }
            catch (EngineException failure) when (failure.Kind == EngineErrorKind.InvalidArgument)
            {
                // The container does not have it: the next one.
            }
        }

        return await StartAsync(open, s_shells[^1], cancellationToken).ConfigureAwait(false);
    }

    private async Task<(string ExecId, IReadOnlyList<string> Command, IProcessStreams Streams)> StartAsync(
        ConsoleOpen open, IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        var spec = new ExecSpec
        {
            Command = command,
            Environment = ["TERM=xterm-256color", .. open.Environment],
            User = open.User.Length == 0 ? null : open.User,
            WorkingDirectory = open.WorkingDirectory.Length == 0 ? null : open.WorkingDirectory,
            Tty = true,
            OpenStdin = true,
        };
        var size = ToSize(open.Size);
        var execId = await execs.CreateAsync(open.Container, spec, cancellationToken).ConfigureAwait(false);
        var streams = await execs.StartAsync(execId, detach: false, size, cancellationToken: cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidOperationException("An exec that is not detached has streams.");
        return (execId, command, streams);
    }
}
