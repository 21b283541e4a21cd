using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Features.Rest.Stored;
using Portal.Web.Features.Stacks.Sources;
using Portal.Web.Features.Templates.Catalogues;

namespace Portal.Web.Features.Rest.Templates;

/// <summary>Catalogues of templates that people added.</summary>
internal static class CatalogueEndpoints
{
    private const string Catalogue = "/template-catalogues/{catalogueId:guid}";

    public static void Map(RouteGroupBuilder api)
    {
        const string manage = PermissionNames.TemplatesManage;
        api.MapGet("/template-catalogues", CataloguesAsync).Needs(manage)
            .Says<Page<CatalogueSummary>>("listTemplateCatalogues", "Catalogues that people added.");
        api.MapPost("/template-catalogues", CreateAsync).Needs(manage)
            .Says<CatalogueMade>("createTemplateCatalogue", "Adds a catalogue, and reads it.", 201);
        api.MapGet("/template-catalogues/host-keys", ReadHostKeysAsync).Needs(manage)
            .Says<IReadOnlyList<StackHostKey>>(
                "readTemplateCatalogueHostKeys", "The keys that a server of ssh shows: to be compared, and accepted with the catalogue.");
        api.MapGet(Catalogue, FindCatalogueAsync).Needs(manage)
            .Says<CatalogueSummary>("getTemplateCatalogue", "A catalogue, with an ETag.");
        api.MapPut(Catalogue, UpdateAsync).Needs(manage).Does("updateTemplateCatalogue", "Changes a catalogue. Wants If-Match.");
        api.MapDelete(Catalogue, RemoveAsync).Needs(manage)
            .Does("removeTemplateCatalogue", "Removes a catalogue; stacks that were made of its templates stay.");
        api.MapPost(Catalogue + "/refresh", RefreshAsync).Needs(manage)
            .Says<CatalogueRead>("refreshTemplateCatalogue", "Reads a catalogue now.");
    }

    private static async Task<IResult> CataloguesAsync(
        [AsParameters] PageQuery page, ClaimsPrincipal user, CatalogueDirectory directory, CancellationToken cancellationToken) =>
        RestResults.Ok(page.Cut(await directory.ListAsync(user, cancellationToken), line => line.Id.ToString(), CatalogueSummary.Of));

    private static async Task<IResult> CreateAsync(RestBody<CatalogueBody> body, HttpContext context, CatalogueDirectory directory)
    {
        var id = await TryAsync(() => directory.SaveAsync(context.User, null, body.Value.ToDraft(), CancellationToken.None));
        return RestResults.Created(context, $"/template-catalogues/{id}", new CatalogueMade(id));
    }

    private static async Task<IResult> ReadHostKeysAsync(
        string address, ClaimsPrincipal user, CatalogueDirectory directory, CancellationToken cancellationToken) =>
        RestResults.Ok(await TryAsync(() => directory.ReadHostKeysAsync(user, address, cancellationToken)));

    private static async Task<IResult> FindCatalogueAsync(Guid catalogueId, HttpContext context, CatalogueDirectory directory)
    {
        var item = await ReadAsync(context, directory, catalogueId);
        context.Response.Headers.ETag = EntityTags.Of(item.Stored());
        return RestResults.Ok(item);
    }

    private static async Task<IResult> UpdateAsync(
        Guid catalogueId, RestBody<CatalogueBody> body, HttpContext context, CatalogueDirectory directory, StoredChanges changes)
    {
        await changes.RunAsync(
            context,
            $"template catalogue {catalogueId}",
            async () => (await ReadAsync(context, directory, catalogueId)).Stored(),
            _ => TryAsync(() => directory.SaveAsync(context.User, catalogueId, body.Value.ToDraft(), CancellationToken.None)));
        return RestResults.NoContent();
    }

    private static async Task<IResult> RemoveAsync(
        Guid catalogueId, HttpContext context, CatalogueDirectory directory, StoredChanges changes)
    {
        await changes.RunAsync(
            context,
            $"template catalogue {catalogueId}",
            async () => (await ReadAsync(context, directory, catalogueId)).Stored(),
            _ => TryAsync(async () =>
            {
                await directory.RemoveAsync(context.User, catalogueId, CancellationToken.None);
                return true;
            }),
            required: false);
        return RestResults.NoContent();
    }

    private static async Task<IResult> RefreshAsync(Guid catalogueId, HttpContext context, CatalogueDirectory directory)
    {
        await ReadAsync(context, directory, catalogueId);
        var error = await TryAsync(() => directory.RefreshAsync(context.User, catalogueId, CancellationToken.None));
        return RestResults.Ok(new CatalogueRead(error));
    }

    private static async Task<CatalogueSummary> ReadAsync(HttpContext context, CatalogueDirectory directory, Guid id) =>
        CatalogueSummary.Of(await directory.FindAsync(context.User, id, context.RequestAborted)
            ?? throw RestProblemException.NotFound("catalogue"));

    private static async Task<T> TryAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (CatalogueException failure)
        {
            throw RestResults.Refused(failure.Message);
        }
    }
}
