namespace Portal.Web.Features.Permissions.Teams;

/// <summary>A team as the list shows one.</summary>
internal sealed record TeamEntry(Guid Id, string Name, string Description, IReadOnlyList<TeamPerson> Members, IReadOnlyList<string> Roles)
{
    /// <summary>For sorting.</summary>
    public int Size => Members.Count;
}
