using Portal.Contracts.Permissions;
using Portal.Web.Features.Environments.Rules;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Features.Rest.Stored;

namespace Portal.Web.Features.Rest.Environments;

/// <summary>What environments ask of deployments.</summary>
internal static class EnvironmentRulesEndpoints
{
    private const string Rules = "/environments/{environmentId:guid}/deployment-rules";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet(Rules, FindAsync).Needs(PermissionNames.NodesView)
            .Says<DeploymentRules>("getDeploymentRules", "What an environment asks of deployments, with an ETag.");
        api.MapPut(Rules, SaveAsync).Needs(PermissionNames.EnvironmentsManage)
            .Does("putDeploymentRules", "Sets what an environment asks of deployments. Wants If-Match.");
    }

    private static async Task<IResult> FindAsync(Guid environmentId, HttpContext context, EnvironmentRules rules) =>
        EntityTags.Answer(context, await ReadAsync(context, rules, environmentId));

    private static async Task<IResult> SaveAsync(
        Guid environmentId, RestBody<DeploymentRules> body, HttpContext context, EnvironmentRules rules, StoredChanges changes)
    {
        var change = await changes.RunAsync(
            context,
            $"environment rules {environmentId}",
            () => ReadAsync(context, rules, environmentId),
            _ => rules.SaveAsync(context.User, environmentId, body.Value, CancellationToken.None));
        return RestResults.Done(change.Error);
    }

    private static async Task<DeploymentRules> ReadAsync(HttpContext context, EnvironmentRules rules, Guid id) =>
        (await rules.FindAsync(context.User, id, context.RequestAborted))?.Rules ?? throw RestProblemException.NotFound("environment");
}
