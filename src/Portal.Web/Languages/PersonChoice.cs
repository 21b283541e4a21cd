using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Portal.Data.Entities;

namespace Portal.Web.Languages;

/// <summary>
/// What a person chose in the profile for how pages are shown: a claim of theirs, which the session's cookie carries, so that no page has
/// to look it up.
/// </summary>
internal static class PersonChoice
{
    /// <summary>The value; null for the browser's.</summary>
    public static async Task<string?> ReadAsync(UserManager<PortalUser> users, PortalUser person, string claimType) =>
        (await FindAsync(users, person, claimType))?.Value;

    /// <summary>Keeps the choice. The cookie is renewed by whoever calls.</summary>
    /// <param name="users">The people.</param>
    /// <param name="person">Whose it is.</param>
    /// <param name="claimType">What was chosen.</param>
    /// <param name="value">Null for the browser's.</param>
    public static async Task<IdentityResult> SetAsync(UserManager<PortalUser> users, PortalUser person, string claimType, string? value)
    {
        var before = await FindAsync(users, person, claimType);
        var now = value is null ? null : new Claim(claimType, value);
        return (before, now) switch
        {
            (null, null) => IdentityResult.Success,
            (null, not null) => await users.AddClaimAsync(person, now),
            (not null, null) => await users.RemoveClaimAsync(person, before),
            _ when before.Value == value => IdentityResult.Success,
            _ => await users.ReplaceClaimAsync(person, before, now),
        };
    }

    private static async Task<Claim?> FindAsync(UserManager<PortalUser> users, PortalUser person, string claimType) =>
        (await users.GetClaimsAsync(person)).FirstOrDefault(claim => claim.Type == claimType);
}
