using System.ComponentModel;
using Portal.Contracts.Permissions;
using Portal.Data.Entities.Stacks;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Deployments.Adoption;
using Portal.Web.Features.Deployments.Previewing;
using Portal.Web.Features.Deployments.Telling;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Features.Rest.Stored;
using Portal.Web.Features.Stacks;

namespace Portal.Web.Features.Rest.Stacks;

/// <summary>What stands around deployments: plans, what has drifted, what is taken over, and who is told.</summary>
internal static class StackWorkEndpoints
{
    private const string Stack = "/stacks/{stackId:guid}";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet(Stack + "/plan", PlanAsync).Needs(PermissionNames.StacksView)
            .Says<PlanItem>("planDeployment", "What deploying a revision would do now.");
        api.MapGet(Stack + "/drift", DriftAsync).Needs(PermissionNames.StacksView)
            .Says<PlanItem>("getStackDrift", "How what runs differs from the revision that was last deployed with success.");
        api.MapGet(Stack + "/replicas", ReplicasAsync).Needs(PermissionNames.StacksView)
            .Says<IReadOnlyDictionary<string, int>>("getStackReplicas", "How many containers each service is to have.");
        api.MapPost(Stack + "/adopt", AdoptAsync).Needs(PermissionNames.StacksDeploy)
            .Says<AdoptionItem>("adoptStack", "Takes over what another tool has started of it.");
        api.MapGet(Stack + "/notifications", FindNotificationsAsync).Needs(PermissionNames.StacksEdit)
            .Says<NotificationsBody>("getStackNotifications", "Who is told of a stack's deployments, with an ETag.");
        api.MapPut(Stack + "/notifications", SaveNotificationsAsync).Needs(PermissionNames.StacksEdit)
            .Does("putStackNotifications", "Changes who is told of a stack's deployments. Wants If-Match.");
    }

    private static async Task<IResult> PlanAsync(
        Guid stackId, [Description("The newest when it is left out.")] int? revision,
        [Description("Make all containers anew.")] bool? force, HttpContext context, StackDirectory stacks, DeploymentPreviews previews)
    {
        var stack = await ReadAsync(context, stacks, stackId);
        var number = revision ?? stack.Revision;
        return RestResults.Ok(PlanItem.Of(
            await previews.PlanAsync(context.User, stack, number, force ?? false, context.RequestAborted)));
    }

    private static async Task<IResult> DriftAsync(Guid stackId, HttpContext context, StackDirectory stacks, DeploymentPreviews previews)
    {
        var stack = await ReadAsync(context, stacks, stackId);
        return await previews.DriftAsync(context.User, stack, context.RequestAborted) is { } drift
            ? RestResults.Ok(PlanItem.Of(drift))
            : throw new RestProblemException(ProblemKind.Conflict, "No revision of the stack was deployed with success yet.");
    }

    private static async Task<IResult> ReplicasAsync(
        Guid stackId, HttpContext context, StackDirectory stacks, DeploymentCommands commands)
    {
        await ReadAsync(context, stacks, stackId);
        return RestResults.Ok(await commands.ReplicasAsync(context.User, stackId, context.RequestAborted));
    }

    private static async Task<IResult> AdoptAsync(Guid stackId, HttpContext context, StackDirectory stacks, StackAdoption adoption)
    {
        await ReadAsync(context, stacks, stackId);
        return RestResults.Ok(new AdoptionItem(await adoption.AdoptAsync(context.User, stackId, CancellationToken.None)));
    }

    private static async Task<IResult> FindNotificationsAsync(
        Guid stackId, HttpContext context, StackDirectory stacks, DeploymentTelling telling) =>
        EntityTags.Answer(context, await ReadToldAsync(context, stacks, telling, stackId));

    private static async Task<IResult> SaveNotificationsAsync(
        Guid stackId, RestBody<NotificationsBody> body, HttpContext context, StackDirectory stacks, DeploymentTelling telling,
        StoredChanges changes)
    {
        await changes.RunAsync(
            context,
            $"notifications of {stackId}",
            () => ReadToldAsync(context, stacks, telling, stackId),
            async _ =>
            {
                var (user, wanted) = (context.User, body.Value);
                await telling.SaveAsync(user, stackId, [.. wanted.TargetIds], [.. wanted.Events], CancellationToken.None);
                return true;
            });
        return RestResults.NoContent();
    }

    private static async Task<NotificationsBody> ReadToldAsync(
        HttpContext context, StackDirectory stacks, DeploymentTelling telling, Guid stackId)
    {
        await ReadAsync(context, stacks, stackId);
        const string Needs = "Whom to tell takes 'stacks.edit' on the stack's node, and 'alerts.view' on everything.";
        return await telling.ReadAsync(context.User, stackId, context.RequestAborted) is { } told
            ? NotificationsBody.Of(told)
            : throw new RestProblemException(ProblemKind.AccessDenied, Needs);
    }

    // Who may not see it is not told that it is there.
    private static async Task<Stack> ReadAsync(HttpContext context, StackDirectory stacks, Guid id) =>
        (await stacks.FindAsync(context.User, id, context.RequestAborted) ?? throw RestProblemException.NotFound("stack")).Stack;
}
