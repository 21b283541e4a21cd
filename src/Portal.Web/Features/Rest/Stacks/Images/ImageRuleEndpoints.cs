using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Updates.Rules;
using Portal.Web.Features.Updates.Tags;

namespace Portal.Web.Features.Rest.Stacks.Images;

/// <summary>Which tags services follow. No ETags: what was taken changes by itself.</summary>
internal static class ImageRuleEndpoints
{
    private const string Rules = "/stacks/{stackId:guid}/image-rules";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet(Rules, ListAsync).Needs(PermissionNames.StacksView)
            .Says<IReadOnlyList<FollowedService>>(
                "listStackImageRules", "The services of a stack with the rules by which they choose tags.");
        api.MapPut(Rules + "/{service}", SaveAsync).Needs(PermissionNames.StacksEdit)
            .Does("putStackImageRule", "Sets by which rule a service chooses its image's tag.");
        api.MapDelete(Rules + "/{service}", RemoveAsync).Needs(PermissionNames.StacksEdit)
            .Does("deleteStackImageRule", "Has a service stay with its tag.");
        api.MapPost(Rules + "/look", LookAsync).Needs(PermissionNames.StacksDeploy)
            .Says<ImageRuleFindings>(
                "lookForStackImages", "Asks registries which tags the rules of a stack choose now; nothing is changed.");
        api.MapPost(Rules + "/try", TryAsync).Needs(PermissionNames.StacksDeploy)
            .Says<FollowedChoice>("tryStackImageRule", "Which tag a rule would choose now and which it leaves out; nothing is changed.");
        api.MapPost(Rules + "/take", TakeAsync).Needs(PermissionNames.StacksDeploy)
            .Says<ImagesTaken>("takeStackImages", "Takes the newest tags that the rules of a stack choose, and queues their deployment.");
    }

    private static async Task<IResult> ListAsync(
        Guid stackId, ClaimsPrincipal user, ImageRuleDirectory rules, StackDirectory stacks, CancellationToken cancellationToken)
    {
        await FindAsync(stackId, user, stacks, cancellationToken);
        return RestResults.Ok(await rules.ListAsync(user, stackId, cancellationToken));
    }

    private static async Task<IResult> SaveAsync(
        Guid stackId, string service, RestBody<TagRule> body, ClaimsPrincipal user, ImageRuleDirectory rules, StackDirectory stacks)
    {
        await FindAsync(stackId, user, stacks, CancellationToken.None);
        await rules.SaveAsync(user, stackId, service, body.Value, CancellationToken.None);
        return RestResults.NoContent();
    }

    private static async Task<IResult> RemoveAsync(
        Guid stackId, string service, ClaimsPrincipal user, ImageRuleDirectory rules, StackDirectory stacks)
    {
        await FindAsync(stackId, user, stacks, CancellationToken.None);
        await rules.SaveAsync(user, stackId, service, null, CancellationToken.None);
        return RestResults.NoContent();
    }

    private static async Task<IResult> LookAsync(
        Guid stackId, ClaimsPrincipal user, ImageRuleDirectory rules, StackDirectory stacks, CancellationToken cancellationToken)
    {
        await FindAsync(stackId, user, stacks, cancellationToken);
        var (choices, held) = await rules.LookAsync(user, stackId, cancellationToken);
        return RestResults.Ok(new ImageRuleFindings(choices, held));
    }

    private static async Task<IResult> TryAsync(
        Guid stackId, RestBody<ImageRuleTrial> body, ClaimsPrincipal user, ImageRuleDirectory rules, StackDirectory stacks,
        CancellationToken cancellationToken)
    {
        await FindAsync(stackId, user, stacks, cancellationToken);
        return RestResults.Ok(await rules.TryAsync(user, stackId, body.Value.Service, body.Value.Rule, cancellationToken));
    }

    private static async Task<IResult> TakeAsync(Guid stackId, ClaimsPrincipal user, ImageRuleDirectory rules, StackDirectory stacks)
    {
        await FindAsync(stackId, user, stacks, CancellationToken.None);
        var (id, text) = await rules.TakeAsync(user, stackId, CancellationToken.None);
        return RestResults.Ok(new ImagesTaken(id, text));
    }

    private static async Task FindAsync(Guid stackId, ClaimsPrincipal user, StackDirectory stacks, CancellationToken cancellationToken) =>
        _ = await stacks.FindAsync(user, stackId, cancellationToken) ?? throw RestProblemException.NotFound("stack");
}
