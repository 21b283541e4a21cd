using System.Text;
using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Execs.Models;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Routing;
using Portal.Engine.Api.Streams;
using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Runtime;

namespace Portal.Engine.Api.Execs;

/// <summary>Create, start, resize, inspect.</summary>
internal sealed class ExecHandlers(IExecs execs, ExecAttachments attachments, TimeProvider clock)
{
    /// <summary>
    /// How long the end of an exec may come after that of its output; a program that closed its output may go on for
    /// ever.
    /// </summary>
    private static readonly TimeSpan s_exitGrace = TimeSpan.FromSeconds(5);

    public async Task CreateAsync(HttpContext context)
    {
        var request = await DockerJson.ReadAsync(context, DockerJsonContext.Default.ExecCreateRequest).ConfigureAwait(false);
        var attachment = ExecAttachment.Of(request);
        var spec = new ExecSpec
        {
            Command = request.Cmd ?? [],
            Environment = request.Env ?? [],
            WorkingDirectory = request.WorkingDir.Length == 0 ? null : request.WorkingDir,
            User = request.User.Length == 0 ? null : request.User,
            Tty = request.Tty,
            OpenStdin = request.AttachStdin,
            Privileged = request.Privileged,
            AttachStdout = request.AttachStdout,
            AttachStderr = request.AttachStderr,
            DetachKeys = request.DetachKeys,
        };
        var id = await execs.CreateAsync(context.Id(), spec, context.RequestAborted).ConfigureAwait(false);
        attachments.Remember(id, attachment);
        await DockerJson
            .WriteAsync(context, new ExecCreateAnswer(id), DockerJsonContext.Default.ExecCreateAnswer, StatusCodes.Status201Created)
            .ConfigureAwait(false);
    }

    public async Task StartAsync(HttpContext context)
    {
        var request = await DockerJson.TryReadAsync(context, DockerJsonContext.Default.ExecStartRequest).ConfigureAwait(false)
            ?? new ExecStartRequest();
        var exec = await execs.InspectAsync(context.Id(), context.RequestAborted).ConfigureAwait(false);
        var attachment = attachments.Take(exec.Id);
        var size = TerminalSizes.TryMake(request.ConsoleSize) ?? attachment.Size;
        if (request.Detach)
        {
            await execs.StartAsync(exec.Id, detach: true, cancellationToken: context.RequestAborted).ConfigureAwait(false);
            return;
        }

        HijackedConnection? client = null;
        try
        {
            // The head goes out before the program starts: python3-docker and others lose output that comes in one packet with it.
            var process = await execs
                .StartAsync(
                    exec.Id,
                    size: exec.Spec.Tty ? size : null,
                    starting: async () => client = await StreamHijacking.HijackAsync(context, exec.Spec.Tty).ConfigureAwait(false),
                    cancellationToken: context.RequestAborted)
                .ConfigureAwait(false);
            await RelayAsync(context, exec, process!, attachment, client!).ConfigureAwait(false);
        }
        catch (EngineException failure) when (client is not null)
        {
            // No such program and the like. Too late for a status: clients show the text and fetch the exit code, 126 or 127.
            await TellAsync(context, exec, failure.Message, client).ConfigureAwait(false);
        }
        finally
        {
            await (client?.DisposeAsync() ?? ValueTask.CompletedTask).ConfigureAwait(false);
        }
    }

    public async Task ResizeAsync(HttpContext context)
    {
        await execs.ResizeAsync(context.Id(), TerminalSizes.Read(context), context.RequestAborted).ConfigureAwait(false);
    }

    public async Task InspectAsync(HttpContext context)
    {
        var exec = await execs.InspectAsync(context.Id(), context.RequestAborted).ConfigureAwait(false);
        await DockerJson
            .WriteAsync(context, ExecInspectModel.From(exec), DockerJsonContext.Default.ExecInspectModel)
            .ConfigureAwait(false);
    }

    private async Task RelayAsync(
        HttpContext context, ExecInfo exec, IProcessStreams process, ExecAttachment attachment, HijackedConnection client)
    {
        await using var _ = process.ConfigureAwait(false);
        var options = new ProcessRelayOptions
        {
            Stdin = exec.Spec.OpenStdin,
            Stdout = attachment.Stdout,
            Stderr = attachment.Stderr,
            CloseStdin = !exec.Spec.Tty,
            DetachKeys = exec.Spec.Tty ? attachment.DetachKeys : null,
        };
        if (await new ProcessRelay(process, client, options).RunAsync(context.RequestAborted).ConfigureAwait(false))
        {
            await AwaitExitAsync(exec.Id, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static async Task TellAsync(HttpContext context, ExecInfo exec, string message, HijackedConnection client)
    {
        var text = Encoding.UTF8.GetBytes($"{message}\r\n");
        if (!exec.Spec.Tty)
        {
            StreamFrame.WriteHeader(client.Output, OutputSource.Stdout, text.Length);
        }

        await client.Output.WriteAsync(text, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Clients take the end of the stream for the end of the exec and ask for its exit code at once.</summary>
    private async Task AwaitExitAsync(string execId, CancellationToken cancellationToken)
    {
        try
        {
            await execs.WaitAsync(execId, cancellationToken).WaitAsync(s_exitGrace, clock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // It runs on without an output; there is nothing more to send.
        }
    }
}
