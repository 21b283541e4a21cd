using Portal.Contracts.Permissions;
using Portal.Data.Entities;

namespace Portal.Web.Features.Permissions.Grants;

/// <summary>Who has a grant: a person or a team, one of them.</summary>
internal readonly record struct GrantSubject(Guid? UserId, Guid? TeamId)
{
    /// <summary>What it takes to give somebody like this roles.</summary>
    public string Permission => TeamId is null ? PermissionNames.UsersManage : PermissionNames.TeamsManage;

    public static GrantSubject Person(Guid id) => new(id, null);

    public static GrantSubject Team(Guid id) => new(null, id);

    public static GrantSubject Of(Grant grant) => new(grant.UserId, grant.TeamId);
}
