using Portal.Contracts.Permissions;
using Portal.Web.Features.Deployments.Reporting;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Features.Rest.Stored;
using Portal.Web.Features.Stacks;

namespace Portal.Web.Features.Rest.Stacks.Holding;

/// <summary>Where the status of a stack's commits is reported to.</summary>
internal static class CommitReporterEndpoints
{
    private const string Reporter = "/stacks/{stackId:guid}/commit-status";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet(Reporter, FindAsync).Needs(PermissionNames.StacksView)
            .Says<CommitReporterView>("getCommitStatus", "Where the status of a stack's commits is reported to, with an ETag.");
        api.MapGet(Reporter + "/last", LastAsync).Needs(PermissionNames.StacksView)
            .Says<CommitReportItem>("getLastCommitStatus", "How the newest report of a stack's commits went.");
        api.MapPut(Reporter, SaveAsync).Needs(PermissionNames.StacksEdit)
            .Does("putCommitStatus", "Sets where the status of a stack's commits is reported to. Wants If-Match where there is one.");
        api.MapDelete(Reporter, RemoveAsync).Needs(PermissionNames.StacksEdit)
            .Does("removeCommitStatus", "Ends reporting the status of a stack's commits.");
    }

    private static async Task<IResult> FindAsync(Guid stackId, HttpContext context, CommitReporters reporters, StackDirectory stacks) =>
        EntityTags.Answer(
            context, await ReadAsync(context, reporters, stacks, stackId) ?? throw RestProblemException.NotFound("commit status"));

    // Who may not see the stack is told of no report either.
    private static async Task<IResult> LastAsync(Guid stackId, HttpContext context, CommitReporters reporters) =>
        await reporters.LastAsync(context.User, stackId, context.RequestAborted) is { } report
            ? RestResults.Ok(CommitReportItem.Of(report))
            : throw RestProblemException.NotFound("report");

    private static Task<IResult> SaveAsync(
        Guid stackId, RestBody<CommitReporterInput> body, HttpContext context, CommitReporters reporters, StackDirectory stacks,
        StoredChanges changes) =>
        ChangeAsync(stackId, context, reporters, stacks, changes, isRequired: true, () =>
            reporters.SaveAsync(context.User, stackId, body.Value, CancellationToken.None));

    private static Task<IResult> RemoveAsync(
        Guid stackId, HttpContext context, CommitReporters reporters, StackDirectory stacks, StoredChanges changes) =>
        ChangeAsync(stackId, context, reporters, stacks, changes, isRequired: false, () =>
            reporters.RemoveAsync(context.User, stackId, CancellationToken.None));

    private static async Task<IResult> ChangeAsync(
        Guid stackId, HttpContext context, CommitReporters reporters, StackDirectory stacks, StoredChanges changes, bool isRequired,
        Func<Task> change)
    {
        var isThere = await ReadAsync(context, reporters, stacks, stackId) is not null;
        return await changes.RunAsync(
            context,
            $"commit status {stackId}",
            () => ReadAsync(context, reporters, stacks, stackId),
            async _ =>
            {
                try
                {
                    await change();
                    return RestResults.NoContent();
                }
                catch (StackException failure)
                {
                    throw RestResults.Refused(failure.Message);
                }
            },
            isRequired && isThere);
    }

    private static async Task<CommitReporterView?> ReadAsync(
        HttpContext context, CommitReporters reporters, StackDirectory stacks, Guid stackId)
    {
        _ = await stacks.FindAsync(context.User, stackId, context.RequestAborted) ?? throw RestProblemException.NotFound("stack");
        return await reporters.FindAsync(context.User, stackId, context.RequestAborted);
    }
}
