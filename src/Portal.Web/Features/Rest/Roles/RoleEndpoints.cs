using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Permissions.Roles;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Features.Rest.Stored;

namespace Portal.Web.Features.Rest.Roles;

/// <summary>Roles.</summary>
internal static class RoleEndpoints
{
    private const string Role = "/roles/{roleId}";
    private const string Custom = "/roles/{roleId:guid}";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/permissions", () => RestResults.Ok(PermissionCatalog.All))
            .Says<IReadOnlyList<Permission>>("listPermissions", "All permissions that roles and tokens can hold.");
        api.MapGet("/roles", ListAsync).Needs(PermissionNames.RolesManage).Says<Page<RoleItem>>("listRoles", "All roles.");
        api.MapGet(Role, FindAsync).Needs(PermissionNames.RolesManage).Says<RoleItem>("getRole", "A role, with an ETag.");
        api.MapGet(Role + "/holders", HoldersAsync).Needs(PermissionNames.RolesManage)
            .Says<IReadOnlyList<string>>("listRoleHolders", "Who would lose something with a role: people and teams, by name.");
        api.MapPost("/roles", CreateAsync).Needs(PermissionNames.RolesManage).Says<RoleItem>("createRole", "Makes a role.", 201);
        api.MapPut(Custom, UpdateAsync).Needs(PermissionNames.RolesManage)
            .Does("updateRole", "Changes a role that is not built in. Wants If-Match.");
        api.MapDelete(Custom, RemoveAsync).Needs(PermissionNames.RolesManage)
            .Does("removeRole", "Deletes a role and takes it from all who have it.");
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] PageQuery page, ClaimsPrincipal user, RoleDirectory roles, CancellationToken cancellationToken) =>
        RestResults.Ok(page.Cut(
            await roles.ListAsync(user, cancellationToken), entry => $"{entry.Name}\n{entry.Role.Key}", entry => RoleItem.Of(entry.Role)));

    private static async Task<IResult> FindAsync(string roleId, HttpContext context, RoleDirectory roles) =>
        EntityTags.Answer(context, await ReadAsync(context, roles, roleId));

    private static async Task<IResult> HoldersAsync(string roleId, HttpContext context, RoleDirectory roles)
    {
        await ReadAsync(context, roles, roleId);
        return RestResults.Ok(await roles.ListHoldersAsync(context.User, roleId, context.RequestAborted));
    }

    private static async Task<IResult> CreateAsync(RestBody<RoleBody> body, HttpContext context, RoleDirectory roles)
    {
        var made = await roles.CreateAsync(context.User, InputOf(body.Value), CancellationToken.None);
        var id = made.Error is null ? made.Id!.Value : throw RestResults.Refused(made.Error);
        return RestResults.Created(context, $"/roles/{id}", await ReadAsync(context, roles, id.ToString()));
    }

    private static async Task<IResult> UpdateAsync(
        Guid roleId, RestBody<RoleBody> body, HttpContext context, RoleDirectory roles, StoredChanges changes)
    {
        var change = await changes.RunAsync(
            context,
            $"role {roleId}",
            () => ReadAsync(context, roles, roleId.ToString()),
            _ => roles.UpdateAsync(context.User, roleId, InputOf(body.Value), CancellationToken.None));
        return RestResults.Done(change.Error);
    }

    private static async Task<IResult> RemoveAsync(Guid roleId, HttpContext context, RoleDirectory roles, StoredChanges changes)
    {
        var change = await changes.RunAsync(
            context,
            $"role {roleId}",
            () => ReadAsync(context, roles, roleId.ToString()),
            _ => roles.RemoveAsync(context.User, roleId, CancellationToken.None),
            required: false);
        return RestResults.Done(change.Error);
    }

    private static RoleInput InputOf(RoleBody body) => new(body.Name, body.Description, [.. body.Permissions.Distinct()]);

    private static async Task<RoleItem> ReadAsync(HttpContext context, RoleDirectory roles, string key) =>
        await roles.FindAsync(context.User, key, context.RequestAborted) is { } role
            ? RoleItem.Of(role)
            : throw RestProblemException.NotFound("role");
}
