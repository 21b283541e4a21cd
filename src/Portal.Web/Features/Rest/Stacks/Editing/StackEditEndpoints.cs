using System.Globalization;
using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Data.Entities.Stacks;
using Portal.Web.Access;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Features.Rest.Stored;
using Portal.Web.Features.Stacks;

namespace Portal.Web.Features.Rest.Stacks.Editing;

/// <summary>What stacks say: each change is a revision of its own.</summary>
internal static class StackEditEndpoints
{
    private const string Stack = "/stacks/{stackId:guid}";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet(Stack, FindAsync).Needs(PermissionNames.StacksView)
            .Says<StackItem>("getStack", "A stack; its ETag is that of its newest revision.");
        api.MapPost("/stacks", CreateAsync).Needs(PermissionNames.StacksEdit)
            .Says<StackItem>("createStack", "Makes a stack. Nothing of it runs until it is deployed.", 201);
        api.MapPost("/stacks/check", CheckAsync).Needs(PermissionNames.StacksEdit)
            .Says<PlanItem>("checkStack", "What is wrong with files, and what they would change; nothing is kept.");
        api.MapPut(Stack, UpdateAsync).Needs(PermissionNames.StacksEdit)
            .Says<StackItem>("updateStack", "Writes a further revision. Wants If-Match.");
        api.MapDelete(Stack, RemoveAsync).Needs(PermissionNames.StacksEdit)
            .Does("removeStack", "Forgets a stack with its revisions; what runs of it goes on.");
        api.MapGet(Stack + "/revisions", RevisionsAsync).Needs(PermissionNames.StacksView)
            .Says<Page<StackRevisionItem>>("listStackRevisions", "The revisions of a stack, newest first.");
        api.MapGet(Stack + "/revisions/{number:int}/files", FilesAsync).Needs(PermissionNames.StacksView)
            .Says<StackFilesItem>("getStackFiles", "The files of a revision, without its values.");
    }

    private static async Task<IResult> FindAsync(Guid stackId, HttpContext context, StackDirectory stacks)
    {
        var stack = await ReadAsync(context, stacks, stackId);
        return EntityTags.Answer(context, StackItem.Of(stack), StateOf(stack));
    }

    private static async Task<IResult> CreateAsync(
        RestBody<StackBody> body, HttpContext context, IAuthorizer authorizer, StackDirectory stacks)
    {
        // Which nodes and environments there are is not told to who may not edit there.
        var scope = body.Value.EnvironmentId is { } environment
            ? AccessScope.Environment(environment) : AccessScope.Node(body.Value.NodeId);
        await authorizer.EnsureAsync(context.User, PermissionNames.StacksEdit, scope, context.RequestAborted);
        var id = await stacks.SaveAsync(context.User, body.Value.ToDraft(null, 0), CancellationToken.None);
        return RestResults.Created(context, $"/stacks/{id}", StackItem.Of(await ReadAsync(context, stacks, id)));
    }

    private static async Task<IResult> CheckAsync(RestBody<StackBody> body, ClaimsPrincipal user, StackDirectory stacks) =>
        RestResults.Ok(PlanItem.Of(await stacks.CheckAsync(user, body.Value.ToDraft(null, 0), CancellationToken.None)));

    private static async Task<IResult> UpdateAsync(
        Guid stackId, RestBody<StackBody> body, HttpContext context, StackDirectory stacks, StoredChanges changes)
    {
        await changes.RunAsync(
            context,
            $"stack {stackId}",
            async () => StateOf(await ReadAsync(context, stacks, stackId)),
            now => stacks.SaveAsync(context.User, body.Value.ToDraft(stackId, now.Revision), CancellationToken.None));
        var stack = await ReadAsync(context, stacks, stackId);
        return EntityTags.Answer(context, StackItem.Of(stack), StateOf(stack));
    }

    private static async Task<IResult> RemoveAsync(Guid stackId, HttpContext context, StackDirectory stacks, StoredChanges changes)
    {
        await changes.RunAsync(
            context,
            $"stack {stackId}",
            async () => StateOf(await ReadAsync(context, stacks, stackId)),
            async _ =>
            {
                await stacks.RemoveAsync(context.User, stackId, CancellationToken.None);
                return true;
            },
            required: false);
        return RestResults.NoContent();
    }

    private static async Task<IResult> RevisionsAsync(
        Guid stackId, [AsParameters] PageQuery page, HttpContext context, StackDirectory stacks)
    {
        var (_, revisions) = await stacks.FindAsync(context.User, stackId, context.RequestAborted)
            ?? throw RestProblemException.NotFound("stack");

        // Newest first: what counts down orders that way.
        return RestResults.Ok(page.Cut(
            revisions, row => (int.MaxValue - row.Number).ToString("D10", CultureInfo.InvariantCulture), StackRevisionItem.Of));
    }

    private static async Task<IResult> FilesAsync(
        Guid stackId, int number, ClaimsPrincipal user, StackDirectory stacks, CancellationToken cancellationToken) =>
        await stacks.ReadFilesAsync(user, stackId, number, cancellationToken) is { } files
            ? RestResults.Ok(StackFilesItem.Of(files))
            : throw RestProblemException.NotFound("revision");

    private static async Task<Stack> ReadAsync(HttpContext context, StackDirectory stacks, Guid id) =>
        (await stacks.FindAsync(context.User, id, context.RequestAborted) ?? throw RestProblemException.NotFound("stack")).Stack;

    // A deployment changes what is told of a stack, but not what it says.
    private static StackState StateOf(Stack stack) => new(stack.Id, stack.Revision);

    private sealed record StackState(Guid Id, int Revision);
}
