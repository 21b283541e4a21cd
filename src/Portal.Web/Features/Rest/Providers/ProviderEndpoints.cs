using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Features.Rest.Stored;
using Portal.Web.Features.Settings.Providers;

namespace Portal.Web.Features.Rest.Providers;

/// <summary>By whom people may sign in. A secret goes in and never comes out.</summary>
internal static class ProviderEndpoints
{
    private const string Provider = "/sign-in-providers/{providerId:guid}";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/sign-in-providers", ListAsync).Needs(PermissionNames.SignInManage)
            .Says<Page<ProviderEntry>>("listSignInProviders", "The providers that people may sign in by.");
        api.MapGet(Provider, FindAsync).Needs(PermissionNames.SignInManage)
            .Says<ProviderItem>("getSignInProvider", "A provider without its secret, with an ETag.");
        api.MapPost("/sign-in-providers", CreateAsync).Needs(PermissionNames.SignInManage)
            .Says<ProviderItem>("createSignInProvider", "Adds a provider.", 201);
        api.MapPut(Provider, UpdateAsync).Needs(PermissionNames.SignInManage)
            .Does("updateSignInProvider", "Changes a provider; its secret stays when it is left out. Wants If-Match.");
        api.MapDelete(Provider, RemoveAsync).Needs(PermissionNames.SignInManage)
            .Does("removeSignInProvider", "Removes a provider with the links of people to it.");
        api.MapPost("/sign-in-providers/test", TestAsync).Needs(PermissionNames.SignInManage)
            .Says<ProviderTested>("testSignInProvider", "Asks a provider whether it knows the client, and changes nothing.");
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] PageQuery page, ClaimsPrincipal user, ProviderDirectory providers, CancellationToken cancellationToken) =>
        RestResults.Ok(page.Cut(await providers.ListAsync(user, cancellationToken), entry => entry.Name, entry => entry));

    private static async Task<IResult> FindAsync(Guid providerId, HttpContext context, ProviderDirectory providers) =>
        EntityTags.Answer(context, await ReadAsync(context, providers, providerId));

    private static async Task<IResult> CreateAsync(RestBody<ProviderBody> body, HttpContext context, ProviderDirectory providers)
    {
        var id = Guid.CreateVersion7();
        await SaveAsync(context, providers, id, body.Value);
        return RestResults.Created(context, $"/sign-in-providers/{id}", await ReadAsync(context, providers, id));
    }

    private static async Task<IResult> UpdateAsync(
        Guid providerId, RestBody<ProviderBody> body, HttpContext context, ProviderDirectory providers, StoredChanges changes)
    {
        await changes.RunAsync(
            context,
            $"sign-in provider {providerId}",
            () => ReadAsync(context, providers, providerId),
            _ => SaveAsync(context, providers, providerId, body.Value));
        return RestResults.NoContent();
    }

    private static async Task<IResult> RemoveAsync(Guid providerId, HttpContext context, ProviderDirectory providers, StoredChanges changes)
    {
        await changes.RunAsync(
            context,
            $"sign-in provider {providerId}",
            () => ReadAsync(context, providers, providerId),
            async _ => (await providers.RemoveAsync(context.User, providerId, CancellationToken.None)).Error is { } error
                ? throw RestResults.Refused(error)
                : true,
            required: false);
        return RestResults.NoContent();
    }

    // The address that people reach the portal at is the one by which this came.
    private static async Task<IResult> TestAsync(RestBody<ProviderBody> body, HttpContext context, ProviderCheck check)
    {
        var origin = new Uri($"{context.Request.Scheme}://{context.Request.Host}{context.Request.PathBase}/");
        var (good, text) = await check.RunAsync(context.User, body.Value.ToInput(Guid.Empty), origin, context.RequestAborted);
        return RestResults.Ok(new ProviderTested(good, text));
    }

    private static async Task<bool> SaveAsync(HttpContext context, ProviderDirectory providers, Guid id, ProviderBody body) =>
        (await providers.SaveAsync(context.User, body.ToInput(id), CancellationToken.None)).Error is { } error
            ? throw RestResults.Refused(error)
            : true;

    private static async Task<ProviderItem> ReadAsync(HttpContext context, ProviderDirectory providers, Guid id) =>
        await providers.FindAsync(context.User, id, context.RequestAborted) is { } input
            ? ProviderItem.Of(input)
            : throw RestProblemException.NotFound("sign-in provider");
}
