using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Entities;
using Portal.Data.Entities.Access;
using Portal.Web.Access;
using Portal.Web.Access.Changes;
using Portal.Web.Audit;
using Portal.Web.Identity.Providers.Protocol;

namespace Portal.Web.Identity.Providers;

/// <summary>
/// Puts who signs in into the teams of their groups, and takes them out of those whose group they left. Whom somebody put into a team stays there.
/// </summary>
internal static class ProvidedTeams
{
    public static async Task SynchronizeAsync(
        PortalDbContext database, IAuditLog audit, SignInProvider provider, PortalUser user, ProvidedIdentity identity, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var mapped = ProviderSettings.Parse(provider.Settings).Teams;
        var wanted = mapped.Where(pair => identity.Groups.Contains(pair.Group)).Select(pair => pair.TeamId).ToHashSet();
        await ChangeAsync(database, audit, provider, user, wanted, now, cancellationToken);
    }

    /// <summary>Takes somebody out of all teams that the provider put them into.</summary>
    public static Task ClearAsync(
        PortalDbContext database, IAuditLog audit, SignInProvider provider, PortalUser user, DateTimeOffset now,
        CancellationToken cancellationToken) =>
        ChangeAsync(database, audit, provider, user, [], now, cancellationToken);

    private static async Task ChangeAsync(
        PortalDbContext database, IAuditLog audit, SignInProvider provider, PortalUser user, HashSet<Guid> wanted, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        await AccessInvariants.LockAsync(database, cancellationToken);
        var teams = await database.Teams.AsNoTracking().ToDictionaryAsync(team => team.Id, team => team.Name, cancellationToken);
        var present = await database.TeamMembers.Where(member => member.UserId == user.Id).ToListAsync(cancellationToken);
        var added = wanted.Where(id => teams.ContainsKey(id) && present.TrueForAll(member => member.TeamId != id)).ToList();
        var gone = present.Where(member => member.ProviderId == provider.Id && !wanted.Contains(member.TeamId)).ToList();
        if (added.Count + gone.Count == 0)
        {
            return;
        }

        database.TeamMembers.AddRange(added.Select(id => new TeamMember
        {
            TeamId = id,
            UserId = user.Id,
            ProviderId = provider.Id,
            AddedAt = now,
        }));
        database.TeamMembers.RemoveRange(gone);
        await database.SaveChangesAsync(cancellationToken);

        // The last administrator stays one, whatever a provider says: or a mistake there would lock everybody out here.
        var problem = await AccessInvariants.CheckAsync(database, cancellationToken);
        if (problem is null)
        {
            await transaction.CommitAsync(cancellationToken);
        }
        else
        {
            await transaction.RollbackAsync(cancellationToken);
        }

        var detail = string.Join(", ", added.Select(id => $"+{teams[id]}").Concat(gone.Select(member => $"-{teams[member.TeamId]}")));
        var outcome = problem is null ? AuditOutcome.Succeeded : AuditOutcome.Failed;
        var entry = new AuditEntry(
            Actor.Portal, "team.map_groups", "user", user.Id.ToString(), user.UserName!, null, outcome,
            AuditEntry.Join($"groups at {provider.Name}: {detail}", problem));
        await audit.WriteAsync(entry, CancellationToken.None);
    }
}
