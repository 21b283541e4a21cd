using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Web.Access;
using Portal.Web.Features.Environments;
using Portal.Web.Features.Permissions.Grants;
using Portal.Web.Features.Stacks;

namespace Portal.Web.Features.Permissions.Effective;

/// <summary>Reads what people may do: their own is for everybody, others' for who manages people.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class AccessReader(
    GrantDirectory grants, EnvironmentDirectory environments, StackDirectory stacks, IDbContextFactory<PortalDbContext> contexts)
{
    /// <returns>Null when there is no such person.</returns>
    /// <exception cref="AccessDeniedException">They are somebody else, and the user does not manage people.</exception>
    public async Task<PersonAccess?> ReadAsync(ClaimsPrincipal user, Guid personId, CancellationToken cancellationToken)
    {
        var all = await grants.ListAsync(user, GrantSubject.Person(personId), cancellationToken);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var person = await database.Users.AsNoTracking().SingleOrDefaultAsync(row => row.Id == personId, cancellationToken);
        var suspended = person switch
        {
            { DisabledAt: not null } => T("The account is disabled: until it is enabled again nothing of this is allowed."),
            { MustChangePassword: true } => T("A new password is due: until it is chosen nothing of this is allowed."),
            _ => null,
        };
        return person is null ? null : new PersonAccess(personId, person.UserName ?? "", suspended, all);
    }

    /// <summary>The places that the user can ask for: those that they may see.</summary>
    public async Task<IReadOnlyList<AccessPlace>> ListPlacesAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var rows = await environments.ListAsync(user, cancellationToken);
        var nodes = await environments.VisibleNodesAsync(user, cancellationToken);
        var environmentOf = nodes.ToDictionary(node => node.Id, node => node.Environment?.Id);
        return
        [
            new AccessPlace("portal", T("the portal as a whole"), AccessScope.Everything, null),
            .. rows.Select(row => new AccessPlace($"e{row.Id}", row.Name, AccessScope.Environment(row.Id), null)),
            .. nodes.Select(node => new AccessPlace($"n{node.Id}", T("node {0}", node.Name), AccessScope.Node(node.Id), node.Environment?.Id)),
            .. (await stacks.ListAsync(user, cancellationToken)).OrderBy(stack => stack.Name, StringComparer.Ordinal)
                .Select(stack => new AccessPlace(
                    $"s{stack.Id}", T("stack {0}", stack.Name), stack.Scope(),
                    stack.EnvironmentId ?? environmentOf.GetValueOrDefault(stack.NodeId))),
        ];
    }
}
