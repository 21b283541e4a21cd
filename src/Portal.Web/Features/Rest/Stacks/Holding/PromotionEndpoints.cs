using System.ComponentModel;
using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Deployments.Promoting;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Features.Stacks;

namespace Portal.Web.Features.Rest.Stacks.Holding;

/// <summary>The images of one stack for another.</summary>
internal static class PromotionEndpoints
{
    private const string Promotion = "/stacks/{stackId:guid}/promotion";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet(Promotion, PlanAsync).Needs(PermissionNames.StacksDeploy)
            .Says<PromotionPlan>("planPromotion", "What promoting the images with which a stack runs to another stack would do.");
        api.MapPost(Promotion, PromoteAsync).Needs(PermissionNames.StacksDeploy)
            .Says<DeploymentItem>(
                "promoteStack", "Gives another stack the images with which this one runs, and queues its deployment.", 201);
    }

    private static async Task<IResult> PlanAsync(
        Guid stackId, [Description("The stack that would get them.")] Guid to, ClaimsPrincipal user, StackPromotions promotions,
        StackDirectory stacks, CancellationToken cancellationToken)
    {
        _ = await stacks.FindAsync(user, stackId, cancellationToken) ?? throw RestProblemException.NotFound("stack");
        _ = await stacks.FindAsync(user, to, cancellationToken) ?? throw RestProblemException.NotFound("stack");
        try
        {
            return RestResults.Ok(await promotions.PlanAsync(user, stackId, to, cancellationToken));
        }
        catch (StackException failure)
        {
            throw RestResults.Refused(failure.Message);
        }
    }

    private static async Task<IResult> PromoteAsync(
        Guid stackId, RestBody<PromotionBody> body, HttpContext context, StackPromotions promotions, StackDirectory stacks,
        DeploymentQueries queries)
    {
        var (user, wanted) = (context.User, body.Value);
        _ = await stacks.FindAsync(user, stackId, context.RequestAborted) ?? throw RestProblemException.NotFound("stack");
        _ = await stacks.FindAsync(user, wanted.To, context.RequestAborted) ?? throw RestProblemException.NotFound("stack");
        try
        {
            var id = await promotions.PromoteAsync(user, stackId, wanted.To, wanted.DeploymentId, wanted.Reason, CancellationToken.None);
            var found = await queries.FindAsync(user, id, CancellationToken.None) ?? throw RestProblemException.NotFound("deployment");
            return RestResults.Created(context, $"/deployments/{id}", DeploymentItem.Of(found.Deployment));
        }
        catch (StackException failure)
        {
            throw RestResults.Refused(failure.Message);
        }
    }
}
