using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Policies;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Features.Rest.Stored;

namespace Portal.Web.Features.Rest.Policies;

/// <summary>Policies on top of roles.</summary>
internal static class PolicyEndpoints
{
    private const string Policy = "/policies/{policyId:guid}";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/policies", ListAsync).Needs(PermissionNames.PoliciesManage)
            .Says<Page<PolicyItem>>("listPolicies", "All policies.");
        api.MapGet(Policy, FindAsync).Needs(PermissionNames.PoliciesManage).Says<PolicyItem>("getPolicy", "A policy, with an ETag.");
        api.MapPost("/policies", CreateAsync).Needs(PermissionNames.PoliciesManage)
            .Says<PolicyItem>("createPolicy", "Makes a policy. It holds from the next call on.", 201);
        api.MapPut(Policy, UpdateAsync).Needs(PermissionNames.PoliciesManage).Does("updatePolicy", "Changes a policy. Wants If-Match.");
        api.MapDelete(Policy, RemoveAsync).Needs(PermissionNames.PoliciesManage).Does("removePolicy", "Deletes a policy.");
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] PageQuery page, ClaimsPrincipal user, PolicyDirectory policies, CancellationToken cancellationToken) =>
        RestResults.Ok(page.Cut(await policies.ListAsync(user, cancellationToken), entry => entry.Name, PolicyItem.Of));

    private static async Task<IResult> FindAsync(Guid policyId, HttpContext context, PolicyDirectory policies) =>
        EntityTags.Answer(context, await ReadAsync(context, policies, policyId));

    private static async Task<IResult> CreateAsync(RestBody<PolicyBody> body, HttpContext context, PolicyDirectory policies)
    {
        var made = await policies.SaveAsync(context.User, null, InputOf(body.Value), CancellationToken.None);
        var id = made.Error is null ? made.Id!.Value : throw RestResults.Refused(made.Error);
        return RestResults.Created(context, $"/policies/{id}", await ReadAsync(context, policies, id));
    }

    private static async Task<IResult> UpdateAsync(
        Guid policyId, RestBody<PolicyBody> body, HttpContext context, PolicyDirectory policies, StoredChanges changes)
    {
        var change = await changes.RunAsync(
            context,
            $"policy {policyId}",
            () => ReadAsync(context, policies, policyId),
            _ => policies.SaveAsync(context.User, policyId, InputOf(body.Value), CancellationToken.None));
        return RestResults.Done(change.Error);
    }

    private static async Task<IResult> RemoveAsync(Guid policyId, HttpContext context, PolicyDirectory policies, StoredChanges changes)
    {
        var change = await changes.RunAsync(
            context,
            $"policy {policyId}",
            () => ReadAsync(context, policies, policyId),
            _ => policies.RemoveAsync(context.User, policyId, CancellationToken.None),
            required: false);
        return RestResults.Done(change.Error);
    }

    private static PolicyInput InputOf(PolicyBody body) =>
        new(body.Name, body.Description, body.EnvironmentId, body.NodeId, body.Rules);

    private static async Task<PolicyItem> ReadAsync(HttpContext context, PolicyDirectory policies, Guid id) =>
        await policies.FindAsync(context.User, id, context.RequestAborted) is { } entry
            ? PolicyItem.Of(entry)
            : throw RestProblemException.NotFound("policy");
}
