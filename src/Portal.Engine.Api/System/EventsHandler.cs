using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Routing;
using Portal.Engine.Events;

namespace Portal.Engine.Api.System;

/// <summary>Events: those that are kept since a moment, and those to come until another.</summary>
internal sealed class EventsHandler(IEngineEvents events, TimeProvider clock)
{
    public async Task ReadAsync(HttpContext context)
    {
        var filter = EventFilter.Read(context);
        var since = context.Moment("since");
        var until = context.Moment("until");
        var last = events.LastSequence;
        context.Response.ContentType = "application/json";

        // Clients wait for these headers before they do what they want to see events of.
        await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        var wait = until - clock.GetUtcNow();
        var isOver = wait <= TimeSpan.Zero;

        // What is kept is written whenever its time is over: only the waiting for more ends then.
        if (last > 0 && (isOver || since is not null))
        {
            await WriteAsync(context, filter, since, until, 0, last, context.RequestAborted).ConfigureAwait(false);
        }

        if (isOver)
        {
            return;
        }

        using var ending = wait is null
            ? new CancellationTokenSource()
            : new CancellationTokenSource(Shorter(wait.Value), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ending.Token, context.RequestAborted);
        try
        {
            await WriteAsync(context, filter, since, until, last, long.MaxValue, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The time that the client asked for is over.
        }
    }

    private async Task WriteAsync(
        HttpContext context,
        EventFilter filter,
        DateTimeOffset? since,
        DateTimeOffset? until,
        long after,
        long last,
        CancellationToken cancellationToken)
    {
        await foreach (var happened in events.ReadAsync(after, cancellationToken).ConfigureAwait(false))
        {
            if (happened.Time > until)
            {
                return;
            }

            if ((since is null || happened.Time >= since) && filter.Allows(happened))
            {
                await DockerJson
                    .WriteLineAsync(context, EventViews.Model(happened), DockerJsonContext.Default.EventModel)
                    .ConfigureAwait(false);
            }

            if (happened.Sequence >= last)
            {
                return;
            }
        }
    }

    /// <summary>Timers end at some 49 days; a client that asks for more is there no longer.</summary>
    private static TimeSpan Shorter(TimeSpan wait) => wait < TimeSpan.FromDays(40) ? wait : TimeSpan.FromDays(40);
}
