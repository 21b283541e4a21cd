using System.ComponentModel;
using System.Security.Claims;
using Portal.Web.Features.FleetLists.Views;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Features.Rest.Stored;

namespace Portal.Web.Features.Rest.Views;

/// <summary>Saved views of lists: one's own, and those that were shared with a team that one is in.</summary>
internal static class ViewEndpoints
{
    private const string View = "/views/{viewId:guid}";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/views", ListAsync).Says<Page<SavedViewEntry>>("listViews", "Saved views of lists that you may see.");
        api.MapPost("/views", CreateAsync).Says<SavedViewEntry>("createView", "Saves a view of a list.", 201);
        api.MapGet(View, FindAsync).Says<SavedViewEntry>("getView", "A saved view, with an ETag.");
        api.MapPut(View, UpdateAsync).Does("updateView", "Changes a view of one's own. Wants If-Match.");
        api.MapDelete(View, RemoveAsync).Does("removeView", "Removes a view of one's own.");
        api.MapPut(View + "/default", (Guid viewId, ClaimsPrincipal user, ISavedViews views) => ChooseAsync(viewId, true, user, views))
            .Does("chooseView", "Has the list begin with a view, for oneself alone.");
        api.MapDelete(View + "/default", (Guid viewId, ClaimsPrincipal user, ISavedViews views) => ChooseAsync(viewId, false, user, views))
            .Does("unchooseView", "Has the list begin with all of it again.");
    }

    private static async Task<IResult> ListAsync(
        [Description("containers, images, volumes or networks.")] string? list, [AsParameters] PageQuery page, ClaimsPrincipal user,
        ISavedViews views, CancellationToken cancellationToken) =>
        RestResults.Ok(page.Cut(await views.ListAsync(user, list, cancellationToken), view => view.Id.ToString(), view => view));

    private static async Task<IResult> CreateAsync(RestBody<ViewBody> body, HttpContext context, ISavedViews views)
    {
        var id = await SaveAsync(context, views, null, body.Value);
        return RestResults.Created(context, $"/views/{id}", await ReadAsync(context, views, id));
    }

    private static async Task<IResult> FindAsync(Guid viewId, HttpContext context, ISavedViews views)
    {
        var view = await ReadAsync(context, views, viewId);
        return EntityTags.Answer(context, view, StateOf(view));
    }

    private static async Task<IResult> UpdateAsync(
        Guid viewId, RestBody<ViewBody> body, HttpContext context, ISavedViews views, StoredChanges changes)
    {
        await changes.RunAsync(
            context,
            $"view {viewId}",
            async () => StateOf(await ReadAsync(context, views, viewId)),
            _ => SaveAsync(context, views, viewId, body.Value));
        return RestResults.NoContent();
    }

    private static async Task<IResult> RemoveAsync(Guid viewId, HttpContext context, ISavedViews views, StoredChanges changes)
    {
        await changes.RunAsync(
            context,
            $"view {viewId}",
            async () => StateOf(await ReadAsync(context, views, viewId)),
            async _ => await views.RemoveAsync(context.User, viewId, CancellationToken.None)
                ? true
                : throw RestProblemException.NotFound("view of yours"),
            required: false);
        return RestResults.NoContent();
    }

    private static async Task<IResult> ChooseAsync(Guid viewId, bool chosen, ClaimsPrincipal user, ISavedViews views) =>
        await views.SetDefaultAsync(user, viewId, chosen, CancellationToken.None)
            ? RestResults.NoContent()
            : throw RestProblemException.NotFound("view");

    private static async Task<Guid> SaveAsync(HttpContext context, ISavedViews views, Guid? id, ViewBody body)
    {
        var change = await views.SaveAsync(context.User, id, body.ToDraft(), CancellationToken.None);
        return change.Error is null ? change.Id!.Value : throw RestResults.Refused(change.Error);
    }

    private static async Task<SavedViewEntry> ReadAsync(HttpContext context, ISavedViews views, Guid id)
    {
        var all = await views.ListAsync(context.User, null, context.RequestAborted);
        return all.FirstOrDefault(view => view.Id == id) ?? throw RestProblemException.NotFound("view");
    }

    // What oneself begins with is no part of the view.
    private static SavedViewEntry StateOf(SavedViewEntry view) => view with { IsDefault = false };
}
