using Portal.Web.Access;

namespace Portal.Web.Features.Permissions.Grants;

/// <summary>A grant as pages show it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Role">What it allows; null when there is no such role any more.</param>
/// <param name="Scope">Where.</param>
/// <param name="Place">Where, in words: <c>everything</c>, <c>production</c>, <c>node web-1</c>.</param>
/// <param name="TeamId">The team that has it; null for a person's own.</param>
/// <param name="TeamName">The team's name.</param>
internal sealed record GrantEntry(Guid Id, Role? Role, AccessScope Scope, string Place, Guid? TeamId = null, string? TeamName = null)
{
    public string RoleName => Role?.Title ?? T("a role that was deleted");
}
