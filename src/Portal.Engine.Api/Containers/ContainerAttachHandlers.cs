using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Routing;
using Portal.Engine.Api.Streams;
using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Logs;

namespace Portal.Engine.Api.Containers;

/// <summary>Attach and resize.</summary>
internal sealed class ContainerAttachHandlers(IContainers containers, IContainerLogs logs)
{
    private const int ReplayFlushBytes = 64 * 1024;

    public Task AttachAsync(HttpContext context)
    {
        return AttachAsync(context, isWebSocket: false, terminal => StreamHijacking.HijackAsync(context, terminal));
    }

    /// <summary>The same over a WebSocket, whose messages are the streams' bytes without Docker's frames.</summary>
    public Task AttachWebSocketAsync(HttpContext context)
    {
        WebSocketHijacking.Validate(context.Request);
        return AttachAsync(context, isWebSocket: true, _ => WebSocketHijacking.HijackAsync(context));
    }

    private async Task AttachAsync(HttpContext context, bool isWebSocket, Func<bool, Task<HijackedConnection>> hijack)
    {
        var container = await containers.InspectAsync(context.Id(), context.RequestAborted).ConfigureAwait(false);
        if (container.State is ContainerState.Paused or ContainerState.Restarting)
        {
            var state = container.State == ContainerState.Paused ? "paused. Unpause it first" : "restarting, wait until the container is running";
            throw EngineException.Conflict($"container {container.Id} is {state}");
        }

        var options = Read(context, container.Spec) with { IsWebSocket = isWebSocket };
        var process = context.Flag("stream")
            ? await containers.AttachAsync(container.Id, context.RequestAborted).ConfigureAwait(false)
            : null;
        try
        {
            var client = await hijack(container.Spec.Tty).ConfigureAwait(false);
            await using (client.ConfigureAwait(false))
            {
                if (context.Flag("logs"))
                {
                    await ReplayAsync(client, container, options, context.RequestAborted).ConfigureAwait(false);
                }

                if (process is not null)
                {
                    await new ProcessRelay(process, client, options).RunAsync(context.RequestAborted).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            if (process is not null)
            {
                await process.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    public async Task ResizeAsync(HttpContext context)
    {
        await containers.ResizeAsync(context.Id(), TerminalSizes.Read(context), context.RequestAborted).ConfigureAwait(false);
    }

    private static ProcessRelayOptions Read(HttpContext context, ContainerSpec spec)
    {
        return new ProcessRelayOptions
        {
            Stdin = context.Flag("stdin") && spec.OpenStdin,
            Stdout = context.Flag("stdout"),
            Stderr = context.Flag("stderr"),
            CloseStdin = spec is { StdinOnce: true, Tty: false },
            DetachKeys = spec.Tty ? DetachKeys.Parse(context.Query("detachKeys")) : null,
        };
    }

    private async Task ReplayAsync(
        HijackedConnection client, ContainerInfo container, ProcessRelayOptions options, CancellationToken cancellationToken)
    {
        var query = new LogQuery { Stdout = options.Stdout, Stderr = options.Stderr };
        using var frames = new LogFrameWriter(client.Output, container.Spec.Tty || options.IsWebSocket, gather: true);
        await foreach (var record in logs.ReadAsync(container.Id, query, cancellationToken).ConfigureAwait(false))
        {
            frames.Write(record, "");
            if (client.Output.UnflushedBytes >= ReplayFlushBytes)
            {
                await client.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        frames.Complete();
        await client.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
