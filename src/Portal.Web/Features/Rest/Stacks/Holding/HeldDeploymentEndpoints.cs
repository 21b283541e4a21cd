using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Deployments.Holding;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Features.Stacks;

namespace Portal.Web.Features.Rest.Stacks.Holding;

/// <summary>What is decided over deployments that their environment holds. No ETags: of two decisions the first counts.</summary>
internal static class HeldDeploymentEndpoints
{
    private const string Deployment = "/deployments/{deploymentId:guid}";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost(Deployment + "/approve", ApproveAsync).Needs(PermissionNames.DeploymentsApprove)
            .Does("approveDeployment", "Approves a deployment that somebody else asked for, with the revision and images that it shows.");
        api.MapPost(Deployment + "/refuse", RefuseAsync).Needs(PermissionNames.DeploymentsApprove)
            .Does("refuseDeployment", "Refuses a deployment that somebody else asked for. Wants a reason.");
        api.MapPost(Deployment + "/begin", BeginAsync).Needs(PermissionNames.DeploymentsOverride)
            .Does("beginDeployment", "Lets a deployment begin that waits for a window.");
    }

    private static Task<IResult> ApproveAsync(
        Guid deploymentId, RestBody<DecisionBody> body, ClaimsPrincipal user, DeploymentQueries queries, DeploymentApprovals approvals) =>
        DecideAsync(
            deploymentId, user, queries, () => approvals.ApproveAsync(user, deploymentId, body.Value.Reason, CancellationToken.None));

    private static Task<IResult> RefuseAsync(
        Guid deploymentId, RestBody<DecisionBody> body, ClaimsPrincipal user, DeploymentQueries queries, DeploymentApprovals approvals) =>
        DecideAsync(
            deploymentId, user, queries, () => approvals.RefuseAsync(user, deploymentId, body.Value.Reason, CancellationToken.None));

    private static Task<IResult> BeginAsync(
        Guid deploymentId, RestBody<DecisionBody> body, ClaimsPrincipal user, DeploymentQueries queries, DeploymentApprovals approvals) =>
        DecideAsync(
            deploymentId, user, queries, () => approvals.BeginNowAsync(user, deploymentId, body.Value.Reason, CancellationToken.None));

    /// <summary>Decides over a deployment that the user may see; what can't be decided any more is refused with its reason.</summary>
    internal static async Task<IResult> DecideAsync(Guid id, ClaimsPrincipal user, DeploymentQueries queries, Func<Task> decide)
    {
        _ = await queries.FindAsync(user, id, CancellationToken.None) ?? throw RestProblemException.NotFound("deployment");
        try
        {
            await decide();
            return RestResults.NoContent();
        }
        catch (StackException failure)
        {
            throw RestResults.Refused(failure.Message);
        }
    }
}
