using Portal.Web.Features.Permissions.Grants;

namespace Portal.Web.Features.Rest.Roles;

/// <summary>A role that somebody has somewhere.</summary>
/// <param name="Id">The grant's id.</param>
/// <param name="Role">The role; null when there is no such role any more.</param>
/// <param name="EnvironmentId">On an environment; null for elsewhere.</param>
/// <param name="NodeId">On a node; null for elsewhere.</param>
/// <param name="StackId">On a stack; null for elsewhere.</param>
/// <param name="TeamId">The team that has it; null for a person's own.</param>
internal sealed record GrantItem(Guid Id, string? Role, Guid? EnvironmentId, Guid? NodeId, Guid? StackId, Guid? TeamId)
{
    public static GrantItem Of(GrantEntry entry) =>
        new(entry.Id, entry.Role?.Key, entry.Scope.EnvironmentId, entry.Scope.NodeId, entry.Scope.StackId, entry.TeamId);
}
