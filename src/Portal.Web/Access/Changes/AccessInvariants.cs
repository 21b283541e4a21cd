using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Web.Access.Changes;

/// <summary>What holds after each change of people, teams, roles and grants.</summary>
internal static class AccessInvariants
{
    // "people" in ASCII.
    private const long LockKey = 0x70656F706C65;

    /// <summary>Waits until no other change is under way; the lock ends with the transaction.</summary>
    public static Task LockAsync(PortalDbContext database, CancellationToken cancellationToken) =>
        database.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({LockKey})", cancellationToken);

    /// <summary>Why the change can't stand, for the user; null when it can.</summary>
    public static async Task<string?> CheckAsync(PortalDbContext database, CancellationToken cancellationToken)
    {
        // Somebody who can sign in, by a grant of their own or by a team, so that nobody locks everybody out.
        var hasAdministrator = await database.Grants.AnyAsync(
            grant => grant.Role == BuiltInRoles.Administrator
                && grant.NodeId == null && grant.EnvironmentId == null && grant.StackId == null
                && database.Users.Any(person => person.DisabledAt == null && !person.IsServiceAccount && (person.Id == grant.UserId
                    || database.TeamMembers.Any(member => member.TeamId == grant.TeamId && member.UserId == person.Id))),
            cancellationToken);
        return hasAdministrator ? null : N("That would leave no administrator: make somebody else one first.");
    }
}
