using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Text.Json;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Updates;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Rest.Events;

/// <summary>
/// <c>GET /api/v1/events</c>: all that there is, then what changes, as server-sent events. The portal keeps no history of
/// changes, so whoever comes back, with
/// <c>Last-Event-ID</c> or without, gets all that there is anew, between <c>reset</c> and <c>ready</c>: nothing is missed.
/// </summary>
internal static class EventEndpoint
{
    private static readonly TimeSpan s_breath = TimeSpan.FromSeconds(20);

    public static void Map(RouteGroupBuilder api) => api.MapGet("/events", HandleAsync).Needs(PermissionNames.NodesView)
        .WithName("watchEvents").WithSummary("Nodes and containers as they are, then as they change.")
        .Produces<string>(200, "text/event-stream");

    private static IResult HandleAsync(
        HttpContext context, IFleet fleet, ImageUpdates updates, IAuthorizer authorizer, TimeProvider time,
        IHostApplicationLifetime lifetime)
    {
        // Proxies would keep small events back.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        var events = WatchAsync(
            context.User, fleet, updates, authorizer, time, lifetime.ApplicationStopping, context.RequestAborted);
        return TypedResults.ServerSentEvents(events);
    }

    private static async IAsyncEnumerable<SseItem<string>> WatchAsync(
        ClaimsPrincipal user, IFleet fleet, ImageUpdates updates, IAuthorizer authorizer, TimeProvider time, CancellationToken stopping,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
        var difference = new FleetDifference(updates);
        var (number, ready) = (0L, false);
        yield return Item("reset", new { }, number++);
        await using var pictures = fleet.WatchAsync(ending.Token).GetAsyncEnumerator(ending.Token);
        var next = MoveAsync(pictures, ending.Token);
        while (true)
        {
            // Grants may change while the fleet does not: they are read anew with each picture, and at each breath.
            var breath = Task.Delay(s_breath, time, ending.Token);
            if (await Task.WhenAny(next, breath) == next && !await next)
            {
                yield break;
            }

            if (ending.IsCancellationRequested)
            {
                await next;
                yield break;
            }

            var access = await authorizer.ReadAccessAsync(user, ending.Token);
            if (!access.AllowsSomewhere(PermissionNames.NodesView))
            {
                await ending.CancelAsync();
                await next;
                yield break;
            }

            foreach (var change in difference.Next(fleet.Current, access))
            {
                yield return Item(change.Event, change.Data, number++);
            }

            // The end of all that there was; then a sign of life now and then, by which both sides notice a connection that is gone.
            var moved = next.IsCompleted;
            if (!ready || !moved)
            {
                yield return Item(ready ? "breath" : "ready", new { }, number++);
                ready = true;
            }

            next = moved ? MoveAsync(pictures, ending.Token) : next;
        }
    }

    private static async Task<bool> MoveAsync(IAsyncEnumerator<FleetState> pictures, CancellationToken cancellationToken)
    {
        try
        {
            return await pictures.MoveNextAsync();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static SseItem<string> Item(string name, object data, long number) =>
        new(JsonSerializer.Serialize(data, RestJson.Options), name) { EventId = number.ToString(CultureInfo.InvariantCulture) };
}
