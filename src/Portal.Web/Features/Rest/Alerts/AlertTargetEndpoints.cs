using System.Globalization;
using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Data.Entities.Alerts;
using Portal.Web.Features.Alerts;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Features.Rest.Stored;

namespace Portal.Web.Features.Rest.Alerts;

/// <summary>Where alerts are told. How a target is reached goes in and never comes out.</summary>
internal static class AlertTargetEndpoints
{
    private const string Target = "/alert-targets/{targetId:guid}";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/alert-targets", ListAsync).Needs(PermissionNames.AlertsView)
            .Says<Page<TargetItem>>("listAlertTargets", "Where alerts are told.");
        api.MapGet(Target, FindAsync).Needs(PermissionNames.AlertsView).Says<TargetItem>("getAlertTarget", "A target, with an ETag.");
        api.MapPost("/alert-targets", CreateAsync).Needs(PermissionNames.AlertsManage)
            .Says<TargetItem>("createAlertTarget", "Adds a target.", 201);
        api.MapPut(Target, UpdateAsync).Needs(PermissionNames.AlertsManage)
            .Does("updateAlertTarget", "Changes a target; how it is reached stays when that is left out. Wants If-Match.");
        api.MapDelete(Target, RemoveAsync).Needs(PermissionNames.AlertsManage)
            .Does("removeAlertTarget", "Removes a target; rules and stacks tell it no more.");
        api.MapPost(Target + "/test", TestAsync).Needs(PermissionNames.AlertsManage)
            .Does("testAlertTarget", "Sends a message to try a target.");
        api.MapGet("/alert-deliveries", DeliveriesAsync).Needs(PermissionNames.AlertsView)
            .Says<Page<DeliveryItem>>("listAlertDeliveries", "The newest hundred messages to targets, and how they went.");
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] PageQuery page, ClaimsPrincipal user, AlertDirectory directory, CancellationToken cancellationToken) =>
        RestResults.Ok(page.Cut((await directory.ReadAsync(user, cancellationToken)).Targets, target => target.Name, TargetItem.Of));

    private static async Task<IResult> FindAsync(Guid targetId, HttpContext context, AlertDirectory directory)
    {
        var target = await ReadAsync(context, directory, targetId);
        return EntityTags.Answer(context, TargetItem.Of(target), TargetItem.StateOf(target));
    }

    private static async Task<IResult> CreateAsync(RestBody<TargetBody> body, HttpContext context, AlertDirectory directory)
    {
        var id = Guid.CreateVersion7();
        await SaveAsync(context, directory, body.Value.ToTarget(id, portalUrl: ""), body.Value);
        return RestResults.Created(context, $"/alert-targets/{id}", TargetItem.Of(await ReadAsync(context, directory, id)));
    }

    private static async Task<IResult> UpdateAsync(
        Guid targetId, RestBody<TargetBody> body, HttpContext context, AlertDirectory directory, StoredChanges changes)
    {
        await changes.RunAsync(
            context,
            $"alert target {targetId}",
            async () => TargetItem.StateOf(await ReadAsync(context, directory, targetId)),
            async _ =>
            {
                var known = await ReadAsync(context, directory, targetId);
                return await SaveAsync(context, directory, body.Value.ToTarget(targetId, known.PortalUrl), body.Value);
            });
        return RestResults.NoContent();
    }

    private static async Task<IResult> RemoveAsync(Guid targetId, HttpContext context, AlertDirectory directory, StoredChanges changes)
    {
        await changes.RunAsync(
            context,
            $"alert target {targetId}",
            async () => TargetItem.StateOf(await ReadAsync(context, directory, targetId)),
            async _ =>
            {
                var target = await ReadAsync(context, directory, targetId);
                await directory.RemoveTargetAsync(context.User, target, CancellationToken.None);
                return true;
            },
            required: false);
        return RestResults.NoContent();
    }

    private static async Task<IResult> TestAsync(Guid targetId, ClaimsPrincipal user, AlertDirectory directory) =>
        RestResults.Done(await directory.TestAsync(user, targetId, CancellationToken.None));

    private static async Task<IResult> DeliveriesAsync(
        [AsParameters] PageQuery page, ClaimsPrincipal user, AlertDirectory directory, CancellationToken cancellationToken)
    {
        // Newest first, as pages have it: what counts down orders that way.
        var all = (await directory.ReadAsync(user, cancellationToken)).Deliveries;
        return RestResults.Ok(page.Cut(
            all, row => (long.MaxValue - row.Id).ToString("D19", CultureInfo.InvariantCulture), DeliveryItem.Of));
    }

    private static async Task<bool> SaveAsync(HttpContext context, AlertDirectory directory, AlertTarget target, TargetBody body) =>
        await directory.SaveTargetAsync(context.User, target, body.Settings, CancellationToken.None) is { } error
            ? throw RestResults.Refused(error)
            : true;

    private static async Task<AlertTarget> ReadAsync(HttpContext context, AlertDirectory directory, Guid id)
    {
        var all = (await directory.ReadAsync(context.User, context.RequestAborted)).Targets;
        return all.FirstOrDefault(target => target.Id == id) ?? throw RestProblemException.NotFound("alert target");
    }
}
