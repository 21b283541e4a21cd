using Portal.Contracts.Consoles.V1;
using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Runtime;

namespace Portal.Agent.Consoles;

/// <summary>Starts what a console shall run.</summary>
internal sealed partial class ConsoleStarter(
    IContainers containers, IExecs execs, IHostShells hostShells, TimeProvider time, ILogger<ConsoleStarter> logger)
{
    private static readonly string[][] s_shells = [["bash"], ["ash"], ["sh"]];

    /// <summary>Starts it.</summary>
    /// <exception cref="EngineException">It can't be started: no such container, or program, or user.</exception>
    public Task<IConsoleProgram> StartAsync(ConsoleOpen open, TerminalSize size, CancellationToken cancellationToken) => open.Kind switch
    {
        ConsoleKind.Exec => ExecAsync(open, size, cancellationToken),
        ConsoleKind.Attach => AttachAsync(open.Container, size, cancellationToken),
        ConsoleKind.Node => OnNodeAsync(open, size, cancellationToken),
        _ => throw EngineException.InvalidArgument("This agent does not know that kind of console."),
    };

    private async Task<IConsoleProgram> OnNodeAsync(ConsoleOpen open, TerminalSize size, CancellationToken cancellationToken)
    {
        var request = new HostShellRequest
        {
            Command = [.. open.Command],
            User = open.User,
            WorkingDirectory = open.WorkingDirectory,
            Environment = [.. open.Environment],
            Size = size,
        };
        return new HostProgram(await hostShells.StartAsync(request, cancellationToken).ConfigureAwait(false), time);
    }

    /// <summary>Finds an exec's program again that an earlier agent started.</summary>
    /// <returns>Null when it is gone.</returns>
    public async Task<(IConsoleProgram Program, ReadOnlyMemory<byte> Kept, long Start)?> TakeOverAsync(
        string container, string execId, CancellationToken cancellationToken)
    {
        if (await execs.TakeOverAsync(container, execId, cancellationToken).ConfigureAwait(false) is not { } taken)
        {
            return null;
        }

        return (new ExecProgram(execId, taken.Command, taken.Streams, execs, time, logger), taken.Kept, taken.Start);
    }

    /// <summary>Ends what an earlier agent started and no console shows: nobody's shell runs on unseen.</summary>
    public async Task EndLeftAsync(CancellationToken cancellationToken)
    {
        foreach (var (container, execId) in execs.ListLeft())
        {
            try
            {
                if (await TakeOverAsync(container, execId, cancellationToken).ConfigureAwait(false) is { } left)
                {
                    await using (left.Program.ConfigureAwait(false))
                    {
                        await left.Program.HangUpAsync().ConfigureAwait(false);
                    }
                }
            }
            catch (EngineException failure)
            {
                LogNotEnded(execId, failure);
            }
        }
    }

    /// <summary>The container's own program.</summary>
    /// <exception cref="EngineException">NotFound, or Conflict: it does not run.</exception>
    public async Task<IConsoleProgram> AttachAsync(string container, TerminalSize size, CancellationToken cancellationToken)
    {
        var info = await containers.InspectAsync(container, cancellationToken).ConfigureAwait(false);
        if (info.State is not (ContainerState.Running or ContainerState.Paused))
        {
            throw EngineException.Conflict($"The container {info.Name} does not run, so there is nothing to attach to.");
        }

        var streams = await containers.AttachAsync(container, cancellationToken).ConfigureAwait(false);
        var program = new AttachedProgram(info.Id, [.. info.Spec.Entrypoint ?? [], .. info.Spec.Command ?? []], streams, containers);
        await program.ResizeAsync(size, cancellationToken).ConfigureAwait(false);
        return program;
    }

    private async Task<IConsoleProgram> ExecAsync(ConsoleOpen open, TerminalSize size, CancellationToken cancellationToken)
    {
        if (open.Command.Count > 0)
        {
            return await ExecAsync(open, [.. open.Command], size, cancellationToken).ConfigureAwait(false);
        }

        foreach (var shell in s_shells[..^1])
        {
            try
            {
                return await ExecAsync(open, shell, size, cancellationToken).ConfigureAwait(false);
            }
            catch (EngineException failure) when (failure.Kind == EngineErrorKind.InvalidArgument)
            {
                // The container does not have it: the next one.
            }
        }

        return await ExecAsync(open, s_shells[^1], size, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IConsoleProgram> ExecAsync(
        ConsoleOpen open, IReadOnlyList<string> command, TerminalSize size, CancellationToken cancellationToken)
    {
        var spec = new ExecSpec
        {
            Command = command,
            Environment = ["TERM=xterm-256color", .. open.Environment],
            User = open.User.Length == 0 ? null : open.User,
            WorkingDirectory = open.WorkingDirectory.Length == 0 ? null : open.WorkingDirectory,
            Tty = true,
            OpenStdin = true,
            KeepOutput = true,
        };
        var execId = await execs.CreateAsync(open.Container, spec, cancellationToken).ConfigureAwait(false);
        var streams = await execs.StartAsync(execId, detach: false, size, cancellationToken: cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidOperationException("An exec that is not detached has streams.");
        return new ExecProgram(execId, command, streams, execs, time, logger);
    }

    [LoggerMessage(3217, LogLevel.Warning, "The program {ExecId} of an earlier agent's console could not be ended.")]
    private partial void LogNotEnded(string execId, Exception failure);
}
