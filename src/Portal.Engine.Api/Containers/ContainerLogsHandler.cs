using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Routing;
using Portal.Engine.Api.Streams;
using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Logs;
using Portal.Engine.Logs.Forwarding;
using Portal.Engine.Runtime;

namespace Portal.Engine.Api.Containers;

/// <summary>Logs.</summary>
internal sealed class ContainerLogsHandler(IContainers containers, IContainerLogs logs)
{
    /// <summary>Records written before the pipe is flushed: one by one, a log of 200,000 lines would be 200,000 writes.</summary>
    private const long FlushBytes = 64 * 1024;

    public async Task ReadAsync(HttpContext context)
    {
        var query = Read(context);
        var container = await containers.InspectAsync(context.Id(), context.RequestAborted).ConfigureAwait(false);
        if (!LogDriverOptions.CanBeRead(container.Spec.LogDriver, container.Spec.LogOptions))
        {
            await DockerErrors
                .WriteAsync(context, StatusCodes.Status501NotImplemented, "configured logging driver does not support reading")
                .ConfigureAwait(false);
            return;
        }

        context.Response.ContentType = StreamHijacking.ContentType(context, container.Spec.Tty);
        var records = logs.ReadAsync(container.Id, query, context.RequestAborted).GetAsyncEnumerator(context.RequestAborted);
        await using (records.ConfigureAwait(false))
        {
            var prefix = new LogPrefix(context.Flag("timestamps"), context.Flag("details") ? LogAttributes.Of(container.Spec) : null);
            using var frames = new LogFrameWriter(context.Response.BodyWriter, container.Spec.Tty, gather: !query.Follow);
            await WriteAsync(context, records, frames, prefix).ConfigureAwait(false);
        }
    }

    private static async Task WriteAsync(
        HttpContext context, IAsyncEnumerator<LogRecord> records, LogFrameWriter frames, LogPrefix prefix)
    {
        var output = context.Response.BodyWriter;
        var (continuesOutput, continuesError) = (false, false);
        while (true)
        {
            var next = records.MoveNextAsync();
            if (!next.IsCompleted || output.UnflushedBytes >= FlushBytes)
            {
                // Nothing more is at hand, or enough is: what is there goes out. The first time these are the headers.
                frames.Complete();
                var flush = await output.FlushAsync(context.RequestAborted).ConfigureAwait(false);
                if (flush.IsCompleted)
                {
                    await next.ConfigureAwait(false);
                    return;
                }
            }

            if (!await next.ConfigureAwait(false))
            {
                break;
            }

            var record = records.Current;
            ref var continues = ref record.Source == OutputSource.Stderr ? ref continuesError : ref continuesOutput;
            frames.Write(record, continues ? "" : prefix.Of(record));
            continues = record.Partial;
        }

        frames.Complete();
        await output.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    private static LogQuery Read(HttpContext context)
    {
        var query = new LogQuery
        {
            Stdout = context.Flag("stdout"),
            Stderr = context.Flag("stderr"),
            Follow = context.Flag("follow"),
            Tail = Tail(context.Query("tail")),
            Since = context.Moment("since"),
            Until = context.Moment("until"),
        };
        return query.Stdout || query.Stderr
            ? query
            : throw EngineException.InvalidArgument("Bad parameters: you must choose at least one stream");
    }

    private static int? Tail(string? text)
    {
        // Docker takes anything but a number for "all"; so do clients that send "all", "" or -1.
        return int.TryParse(text, out var lines) && lines >= 0 ? lines : null;
    }
}
