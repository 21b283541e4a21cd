using Portal.Web.Access;

namespace Portal.Web.Features.Permissions.Roles;

/// <summary>A role with how many have it.</summary>
internal sealed record RoleEntry(Role Role, int People, int Teams)
{
    public string Name => Role.Title;

    public int Permissions => Role.Permissions.Count;

    public string Kind => Role.Id is null ? T("built in") : T("custom");
}
