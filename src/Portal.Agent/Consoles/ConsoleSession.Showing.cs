using Google.Protobuf;
using Grpc.Core;
using Portal.Contracts.Consoles.V1;
using Portal.Engine.Errors;

namespace Portal.Agent.Consoles;

internal sealed partial class ConsoleSession
{
    private const int LargestOutput = 32 * 1024;

    /// <summary>Shows it to somebody, until it ends or they go.</summary>
    /// <exception cref="EngineException">Forbidden: it is not shared with them any more.</exception>
    public async Task ShowAsync(
        ConsoleAudience viewer, IServerStreamWriter<OpenConsoleResponse> responses, CancellationToken cancellationToken)
    {
        var buffer = new byte[LargestOutput];
        var (seen, size) = await GreetAsync(viewer, responses, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            Task news;
            long? skippedTo = null;
            int length;
            ConsoleExited? exited;
            ConsoleInfo? changed = null;
            ConsoleSize? resized = null;
            lock (_lock)
            {
                if (viewer.IsOut)
                {
                    throw new EngineException(EngineErrorKind.Forbidden, "This console is no longer shared.");
                }

                if (_leaving.IsCancellationRequested)
                {
                    throw new EngineException(
                        EngineErrorKind.Unavailable, "The agent is being restarted. The console goes on as soon as it is back.");
                }

                if (viewer.Position < _replay.Start)
                {
                    skippedTo = viewer.Position = _replay.NextLine(_replay.Start);
                }

                length = _replay.Read(viewer.Position, buffer);
                (news, exited) = (_news.Task, _exited);
                if (seen != _version)
                {
                    seen = _version;
                    changed = DescribeLocked();
                }

                (resized, size) = (size == _size ? null : ToMessage(_size), _size);
            }

            await TellAsync(responses, changed, resized, skippedTo, cancellationToken).ConfigureAwait(false);
            if (length > 0)
            {
                var output = new OpenConsoleResponse { Output = ByteString.CopyFrom(buffer, 0, length) };
                await responses.WriteAsync(output, cancellationToken).ConfigureAwait(false);
                lock (_lock)
                {
                    viewer.Position += length;
                }

                Taken();
            }
            else if (exited is not null)
            {
                await responses.WriteAsync(new OpenConsoleResponse { Exited = exited }, cancellationToken).ConfigureAwait(false);
                return;
            }
            else
            {
                await news.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<(int Version, Engine.Runtime.TerminalSize Size)> GreetAsync(
        ConsoleAudience viewer, IServerStreamWriter<OpenConsoleResponse> responses, CancellationToken cancellationToken)
    {
        ConsoleOpened opened;
        (int, Engine.Runtime.TerminalSize) state;
        lock (_lock)
        {
            state = (_version, _size);
            opened = new ConsoleOpened
            {
                Console = DescribeLocked(),
                Position = viewer.Position,
                Size = ToMessage(_size),
                MayType = viewer.MayType,
                Terminal = _program.IsTerminal,
            };
        }

        opened.Command.AddRange(_program.Command);
        await responses.WriteAsync(new OpenConsoleResponse { Opened = opened }, cancellationToken).ConfigureAwait(false);
        return state;
    }

    private static async Task TellAsync(
        IServerStreamWriter<OpenConsoleResponse> responses,
        ConsoleInfo? changed,
        ConsoleSize? resized,
        long? skippedTo,
        CancellationToken cancellationToken)
    {
        if (changed is not null)
        {
            await responses.WriteAsync(new OpenConsoleResponse { Changed = changed }, cancellationToken).ConfigureAwait(false);
        }

        if (resized is not null)
        {
            await responses.WriteAsync(new OpenConsoleResponse { Resized = resized }, cancellationToken).ConfigureAwait(false);
        }

        if (skippedTo is { } position)
        {
            await responses.WriteAsync(new OpenConsoleResponse { SkippedTo = position }, cancellationToken).ConfigureAwait(false);
        }
    }

    private static ConsoleSize ToMessage(Engine.Runtime.TerminalSize size) => new() { Columns = size.Columns, Rows = size.Rows };
}
