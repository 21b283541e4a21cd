using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Features.Stacks.Sources;

namespace Portal.Web.Features.Rest.Stacks;

/// <summary>Where stacks come from. A login goes in and never comes out. No ETags: its status changes by itself.</summary>
internal static class StackSourceEndpoints
{
    private const string Source = "/stacks/{stackId:guid}/source";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet(Source, FindAsync).Needs(PermissionNames.StacksView)
            .Says<StackSourceView>("getStackSource", "The Git repository that a stack's files come from, and how fetching it goes.");
        api.MapPut(Source, SaveAsync).Needs(PermissionNames.StacksEdit)
            .Does("putStackSource", "Sets the Git repository that a stack's files come from.");
        api.MapDelete(Source, RemoveAsync).Needs(PermissionNames.StacksEdit)
            .Does("removeStackSource", "Takes the source and its login away; the stack's files stay.");
        api.MapPost(Source + "/test", TestAsync).Needs(PermissionNames.StacksEdit)
            .Says<StackSourceTested>("testStackSource", "Asks the server of a source for its commit, and changes nothing.");
        api.MapPost(Source + "/fetch", FetchAsync).Needs(PermissionNames.StacksEdit)
            .Says<StackFetched>("fetchStackSource", "Fetches the source now; what has changed is a new revision.");
        api.MapGet(Source + "/host-keys", ReadHostKeysAsync).Needs(PermissionNames.StacksEdit)
            .Says<IReadOnlyList<StackHostKey>>(
                "readStackHostKeys", "The keys that a server of ssh shows: to be compared, and accepted with the source.");
    }

    private static async Task<IResult> FindAsync(
        Guid stackId, ClaimsPrincipal user, StackSourceDirectory directory, CancellationToken cancellationToken) =>
        RestResults.Ok(await directory.FindAsync(user, stackId, cancellationToken) ?? throw RestProblemException.NotFound("source"));

    private static async Task<IResult> SaveAsync(
        Guid stackId, RestBody<StackSourceBody> body, ClaimsPrincipal user, StackSourceDirectory directory)
    {
        await directory.SaveAsync(user, stackId, body.Value.ToInput(), CancellationToken.None);
        return RestResults.NoContent();
    }

    private static async Task<IResult> RemoveAsync(Guid stackId, ClaimsPrincipal user, StackSourceDirectory directory)
    {
        await directory.RemoveAsync(user, stackId, CancellationToken.None);
        return RestResults.NoContent();
    }

    private static async Task<IResult> TestAsync(
        Guid stackId, RestBody<StackSourceBody> body, ClaimsPrincipal user, StackSourceDirectory directory,
        CancellationToken cancellationToken) =>
        RestResults.Ok(new StackSourceTested(await directory.TestAsync(user, stackId, body.Value.ToInput(), cancellationToken)));

    private static async Task<IResult> FetchAsync(
        Guid stackId, ClaimsPrincipal user, StackSourceDirectory directory, CancellationToken cancellationToken)
    {
        var refresh = await directory.RefreshAsync(user, stackId, cancellationToken);
        return refresh.Outcome == StackRefreshOutcome.NoSource
            ? throw RestProblemException.NotFound("source")
            : RestResults.Ok(StackFetched.Of(refresh));
    }

    private static async Task<IResult> ReadHostKeysAsync(
        Guid stackId, string address, ClaimsPrincipal user, StackSourceDirectory directory, CancellationToken cancellationToken) =>
        RestResults.Ok(await directory.ReadHostKeysAsync(user, stackId, address, cancellationToken));
}
