using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Registries;
using Portal.Web.Features.Registries.Storage;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Features.Rest.Stored;

namespace Portal.Web.Features.Rest.Registries;

/// <summary>Registries. A secret goes in and never comes out.</summary>
internal static class RegistryEndpoints
{
    private const string Registry = "/registries/{registryId:guid}";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/registries", ListAsync).Needs(PermissionNames.RegistriesView)
            .Says<Page<RegistryEntry>>("listRegistries", "The registries that the portal knows.");
        api.MapGet(Registry, FindAsync)
            .Needs(PermissionNames.RegistriesView).Says<RegistryEntry>("getRegistry", "A registry, with an ETag.");
        api.MapPost("/registries", CreateAsync).Needs(PermissionNames.RegistriesManage)
            .Says<RegistryEntry>("createRegistry", "Adds a registry.", 201);
        api.MapPut(Registry, UpdateAsync).Needs(PermissionNames.RegistriesManage)
            .Does("updateRegistry", "Changes a registry. Wants If-Match.");
        api.MapDelete(Registry, RemoveAsync).Needs(PermissionNames.RegistriesManage)
            .Does("removeRegistry", "Removes a registry with its login.");
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] PageQuery page, ClaimsPrincipal user, RegistryDirectory directory, CancellationToken cancellationToken) =>
        RestResults.Ok(page.Cut(await directory.ListAsync(user, cancellationToken), entry => entry.Host, entry => entry));

    private static async Task<IResult> FindAsync(Guid registryId, HttpContext context, RegistryDirectory directory) =>
        EntityTags.Answer(context, await ReadAsync(context, directory, registryId));

    private static async Task<IResult> CreateAsync(RestBody<RegistryBody> body, HttpContext context, RegistryDirectory directory)
    {
        if (await directory.SaveAsync(context.User, body.Value.ToInput(null), CancellationToken.None) is { } error)
        {
            throw RestResults.Refused(error);
        }

        var host = RegistryHost.Normalize(body.Value.Host);
        var made = (await directory.ListAsync(context.User, context.RequestAborted)).First(entry => entry.Host == host);
        return RestResults.Created(context, $"/registries/{made.Id}", made);
    }

    private static async Task<IResult> UpdateAsync(
        Guid registryId, RestBody<RegistryBody> body, HttpContext context, RegistryDirectory directory, StoredChanges changes) =>
        RestResults.Done(await changes.RunAsync(
            context,
            $"registry {registryId}",
            () => ReadAsync(context, directory, registryId),
            _ => directory.SaveAsync(context.User, body.Value.ToInput(registryId), CancellationToken.None)));

    private static async Task<IResult> RemoveAsync(
        Guid registryId, HttpContext context, RegistryDirectory directory, StoredChanges changes)
    {
        await changes.RunAsync(
            context,
            $"registry {registryId}",
            () => ReadAsync(context, directory, registryId),
            async _ =>
            {
                await directory.RemoveAsync(context.User, registryId, CancellationToken.None);
                return true;
            },
            required: false);
        return RestResults.NoContent();
    }

    private static async Task<RegistryEntry> ReadAsync(HttpContext context, RegistryDirectory directory, Guid id)
    {
        var all = await directory.ListAsync(context.User, context.RequestAborted);
        return all.FirstOrDefault(entry => entry.Id == id) ?? throw RestProblemException.NotFound("registry");
    }
}
