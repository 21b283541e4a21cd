using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Features.Rest.Stored;
using Portal.Web.Features.Webhooks;
using Portal.Web.Features.Webhooks.Receiving;

namespace Portal.Web.Features.Rest.Webhooks;

/// <summary>Webhooks and what came to them. What is called from outside is <see cref="HookEndpoint"/>.</summary>
internal static class WebhookEndpoints
{
    private const string Hook = "/webhooks/{webhookId:guid}";
    private const string Delivery = Hook + "/deliveries/{deliveryId:guid}";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/webhooks", ListAsync)
            .Needs(PermissionNames.HooksView).Says<Page<WebhookItem>>("listWebhooks", "Webhooks of stacks on nodes that you may see.");
        api.MapPost("/webhooks", CreateAsync)
            .Needs(PermissionNames.HooksEdit).Says<WebhookMade>("createWebhook", "Makes a webhook and shows its secret, this once.", 201);
        api.MapGet(Hook, FindAsync).Needs(PermissionNames.HooksView).Says<WebhookItem>("getWebhook", "A webhook, with an ETag.");
        api.MapPut(Hook, UpdateAsync)
            .Needs(PermissionNames.HooksEdit).Does("updateWebhook", "Changes name and filters. Wants If-Match.");
        api.MapDelete(Hook, RemoveAsync).Needs(PermissionNames.HooksEdit).Does("removeWebhook", "Removes a webhook with its deliveries.");
        api.MapPost(Hook + "/enable", (Guid webhookId, HttpContext context, HookDirectory directory) =>
                SwitchAsync(webhookId, context, directory, true))
            .Needs(PermissionNames.HooksEdit).Does("enableWebhook", "Switches a webhook on.");
        api.MapPost(Hook + "/disable", (Guid webhookId, HttpContext context, HookDirectory directory) =>
                SwitchAsync(webhookId, context, directory, false))
            .Needs(PermissionNames.HooksEdit).Does("disableWebhook", "Switches a webhook off: calls are refused.");
        api.MapPost(Hook + "/secret", RotateAsync)
            .Needs(PermissionNames.HooksEdit)
            .Says<WebhookMade>("rotateWebhookSecret", "Gives a webhook a new secret and shows it, this once.");
        api.MapGet(Hook + "/deliveries", DeliveriesAsync).Needs(PermissionNames.HooksView)
            .Says<Page<DeliveryItem>>("listWebhookDeliveries", "What came to a webhook, newest first.");
        api.MapGet(Delivery, FindDeliveryAsync).Needs(PermissionNames.HooksView)
            .Says<DeliveryDetail>("getWebhookDelivery", "A delivery with its headers and body.");
        api.MapPost(Delivery + "/redeliver", RedeliverAsync).Needs(PermissionNames.HooksEdit)
            .Says<DeliveryRepeated>("redeliverWebhookDelivery", "Does what a delivery says once more.", 201);
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] PageQuery page, ClaimsPrincipal user, HookDirectory directory, CancellationToken cancellationToken) =>
        RestResults.Ok(page.Cut(await directory.ListAsync(user, cancellationToken), line => line.Id.ToString(), WebhookItem.Of));

    private static async Task<IResult> CreateAsync(RestBody<WebhookBody> body, HttpContext context, HookDirectory directory)
    {
        var made = await TryAsync(() => directory.CreateAsync(context.User, body.Value.ToDraft(), CancellationToken.None));
        return RestResults.Created(context, $"/webhooks/{made.Id}", Shown(made));
    }

    private static async Task<IResult> FindAsync(Guid webhookId, HttpContext context, HookDirectory directory) =>
        EntityTags.Answer(context, await ReadAsync(context, directory, webhookId));

    private static async Task<IResult> UpdateAsync(
        Guid webhookId, RestBody<WebhookBody> body, HttpContext context, HookDirectory directory, StoredChanges changes)
    {
        await changes.RunAsync(
            context,
            $"webhook {webhookId}",
            () => ReadAsync(context, directory, webhookId),
            _ => TryAsync(() => directory.UpdateAsync(context.User, webhookId, body.Value.ToDraft(), CancellationToken.None)));
        return RestResults.NoContent();
    }

    private static async Task<IResult> RemoveAsync(Guid webhookId, HttpContext context, HookDirectory directory, StoredChanges changes)
    {
        await changes.RunAsync(
            context,
            $"webhook {webhookId}",
            () => ReadAsync(context, directory, webhookId),
            _ => directory.RemoveAsync(context.User, webhookId, CancellationToken.None),
            required: false);
        return RestResults.NoContent();
    }

    private static async Task<IResult> SwitchAsync(Guid webhookId, HttpContext context, HookDirectory directory, bool enabled)
    {
        await ReadAsync(context, directory, webhookId);
        await directory.SetEnabledAsync(context.User, webhookId, enabled, CancellationToken.None);
        return RestResults.NoContent();
    }

    private static async Task<IResult> RotateAsync(Guid webhookId, HttpContext context, HookDirectory directory)
    {
        await ReadAsync(context, directory, webhookId);
        return RestResults.Ok(Shown(await directory.RotateAsync(context.User, webhookId, CancellationToken.None) ?? throw NoHook()));
    }

    private static async Task<IResult> DeliveriesAsync(
        Guid webhookId, [AsParameters] PageQuery page, ClaimsPrincipal user, HookDirectory directory, CancellationToken cancellationToken)
    {
        Guid? before = page.After() is not { } after ? null : Guid.TryParse(after, out var id) ? id : throw PageQuery.Wrong();
        var size = page.Size;
        var found = await directory.DeliveriesAsync(user, webhookId, before, size + 1, cancellationToken) ?? throw NoHook();
        var items = found.Take(size).Select(DeliveryItem.Of).ToList();
        return RestResults.Ok(new Page<DeliveryItem>(items, found.Count > size ? PageQuery.CursorOf(items[^1].Id.ToString()) : null));
    }

    private static async Task<IResult> FindDeliveryAsync(
        Guid webhookId, Guid deliveryId, ClaimsPrincipal user, HookDirectory directory, CancellationToken cancellationToken)
    {
        var row = await directory.FindDeliveryAsync(user, webhookId, deliveryId, cancellationToken)
            ?? throw RestProblemException.NotFound("delivery");
        return RestResults.Ok(new DeliveryDetail(DeliveryItem.Of(row), HeaderMask.Parse(row.Headers), row.Body));
    }

    private static async Task<IResult> RedeliverAsync(Guid webhookId, Guid deliveryId, HttpContext context, HookDirectory directory)
    {
        await ReadAsync(context, directory, webhookId);
        var again = await TryAsync(() => directory.RedeliverAsync(context.User, webhookId, deliveryId, CancellationToken.None))
            ?? throw RestProblemException.NotFound("delivery");
        return RestResults.Created(context, $"/webhooks/{webhookId}/deliveries/{again}", new DeliveryRepeated(again));
    }

    // Who may not see it is not told that it is there.
    private static async Task<WebhookItem> ReadAsync(HttpContext context, HookDirectory directory, Guid id) =>
        WebhookItem.Of(await directory.FindAsync(context.User, id, context.RequestAborted) ?? throw NoHook());

    private static WebhookMade Shown(HookMade made) => new(made.Id, HookEndpoint.Path + made.Id, made.Secret);

    private static RestProblemException NoHook() => RestProblemException.NotFound("webhook");

    private static async Task<T> TryAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (HookException failure)
        {
            throw RestResults.Refused(failure.Message);
        }
    }
}
