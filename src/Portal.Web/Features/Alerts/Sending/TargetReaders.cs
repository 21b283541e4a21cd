using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Entities.Alerts;
using Portal.Web.Access;
using Portal.Web.Languages;

namespace Portal.Web.Features.Alerts.Sending;

/// <summary>Who reads what a target is told, in which language.</summary>
internal static class TargetReaders
{
    /// <summary>
    /// A channel has the language that was chosen for it. Mail goes to people: those whose address is that of somebody here read it in the
    /// language of their profile, the others in the target's.
    /// </summary>
    /// <returns>How each language's readers are reached; one for all where they read the same.</returns>
    public static async Task<IReadOnlyList<(TargetSettings Settings, Language Language)>> OfAsync(
        PortalDbContext database, AlertTarget target, TargetSettings settings, CancellationToken cancellationToken)
    {
        var own = Language.Find(target.Language) ?? Language.English;
        if (target.Kind != nameof(TargetKind.Email))
        {
            return [(settings, own)];
        }

        string[] addresses = [.. settings.Recipients.Select(address => address.ToUpperInvariant())];
        var chosen = await (
            from person in database.Users
            join claim in database.UserClaims on person.Id equals claim.UserId
            where claim.ClaimType == PortalClaims.Language && addresses.Contains(person.NormalizedEmail!)
            select new { person.NormalizedEmail, claim.ClaimValue }).ToListAsync(cancellationToken);

        // An address that people share who read different languages is no one's.
        var known = chosen.GroupBy(one => one.NormalizedEmail!, one => Language.Find(one.ClaimValue) ?? own)
            .Where(one => one.Distinct().Count() == 1).ToDictionary(one => one.Key, one => one.First(), StringComparer.Ordinal);
        return [.. settings.Recipients
            .GroupBy(address => known.GetValueOrDefault(address.ToUpperInvariant(), own))
            .Select(group => (settings.For(group), group.Key))];
    }
}
