using System.ComponentModel;
using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Environments;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Features.Rest.Stored;

namespace Portal.Web.Features.Rest.Environments;

/// <summary>Environments.</summary>
internal static class EnvironmentEndpoints
{
    private const string Environment = "/environments/{environmentId:guid}";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/environments", ListAsync).Needs(PermissionNames.NodesView)
            .Says<Page<EnvironmentEntry>>("listEnvironments", "The environments in which you may see nodes.");
        api.MapGet(Environment, FindAsync).Needs(PermissionNames.NodesView)
            .Says<EnvironmentEntry>("getEnvironment", "An environment, with an ETag.");
        api.MapPost("/environments", CreateAsync).Needs(PermissionNames.EnvironmentsManage)
            .Says<EnvironmentEntry>("createEnvironment", "Makes an environment.", 201);
        api.MapPut(Environment, UpdateAsync).Needs(PermissionNames.EnvironmentsManage)
            .Does("updateEnvironment", "Changes an environment. Wants If-Match.");
        api.MapDelete(Environment, RemoveAsync).Needs(PermissionNames.EnvironmentsManage)
            .Does("removeEnvironment", "Deletes an environment with the grants on it.");
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] PageQuery page, ClaimsPrincipal user, EnvironmentDirectory directory, CancellationToken cancellationToken) =>
        RestResults.Ok(page.Cut(await directory.ListAsync(user, cancellationToken), entry => entry.Name, entry => entry));

    private static async Task<IResult> FindAsync(Guid environmentId, HttpContext context, EnvironmentDirectory directory) =>
        EntityTags.Answer(context, await ReadAsync(context, directory, environmentId));

    private static async Task<IResult> CreateAsync(RestBody<EnvironmentInput> body, HttpContext context, EnvironmentDirectory directory)
    {
        var (name, color, description) = body.Value;
        var made = await directory.SaveAsync(context.User, null, name, color, description, CancellationToken.None);
        var id = made.Error is null ? made.Id!.Value : throw RestResults.Refused(made.Error);
        return RestResults.Created(context, $"/environments/{id}", await ReadAsync(context, directory, id));
    }

    private static async Task<IResult> UpdateAsync(
        Guid environmentId, RestBody<EnvironmentInput> body, HttpContext context, EnvironmentDirectory directory, StoredChanges changes)
    {
        var (name, color, description) = body.Value;
        var change = await changes.RunAsync(
            context,
            $"environment {environmentId}",
            () => ReadAsync(context, directory, environmentId),
            _ => directory.SaveAsync(context.User, environmentId, name, color, description, CancellationToken.None));
        return RestResults.Done(change.Error);
    }

    private static async Task<IResult> RemoveAsync(
        Guid environmentId,
        [Description("Where its nodes go: another environment's id, or zeros for none. Left out, one with nodes is kept.")] Guid? moveTo,
        HttpContext context, EnvironmentDirectory directory, StoredChanges changes)
    {
        var change = await changes.RunAsync(
            context,
            $"environment {environmentId}",
            () => ReadAsync(context, directory, environmentId),
            _ => directory.RemoveAsync(context.User, environmentId, moveTo, CancellationToken.None),
            required: false);
        return RestResults.Done(change.Error);
    }

    private static async Task<EnvironmentEntry> ReadAsync(HttpContext context, EnvironmentDirectory directory, Guid id)
    {
        var all = await directory.ListAsync(context.User, context.RequestAborted);
        return all.FirstOrDefault(entry => entry.Id == id) ?? throw RestProblemException.NotFound("environment");
    }
}
