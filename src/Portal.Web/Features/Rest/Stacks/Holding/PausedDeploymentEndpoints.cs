using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Deployments.Holding;

namespace Portal.Web.Features.Rest.Stacks.Holding;

/// <summary>What is done with deployments that paused, since too much of them failed. No ETags: of two the first counts.</summary>
internal static class PausedDeploymentEndpoints
{
    private const string Deployment = "/deployments/{deploymentId:guid}";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost(Deployment + "/resume", ResumeAsync).Needs(PermissionNames.StacksDeploy)
            .Does("resumeDeployment", "Has a paused deployment go on from where it is: what failed is tried again.");
        api.MapPost(Deployment + "/rollback", RollBackAsync).Needs(PermissionNames.StacksDeploy)
            .Does("rollBackDeployment", "Has a paused deployment go back to what ran before.");
    }

    private static Task<IResult> ResumeAsync(
        Guid deploymentId, ClaimsPrincipal user, DeploymentQueries queries, PausedDeployments paused) =>
        HeldDeploymentEndpoints.DecideAsync(
            deploymentId, user, queries, () => paused.GoOnAsync(user, deploymentId, CancellationToken.None));

    private static Task<IResult> RollBackAsync(
        Guid deploymentId, ClaimsPrincipal user, DeploymentQueries queries, PausedDeployments paused) =>
        HeldDeploymentEndpoints.DecideAsync(
            deploymentId, user, queries, () => paused.GoBackAsync(user, deploymentId, CancellationToken.None));
}
