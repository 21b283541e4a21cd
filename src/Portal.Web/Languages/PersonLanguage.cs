using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Portal.Data.Entities;
using Portal.Web.Access;

namespace Portal.Web.Languages;

/// <summary>The language of a person's profile: a claim of theirs, which the session's cookie carries, so that no page has to look it up.</summary>
internal static class PersonLanguage
{
    /// <summary>The code; null for the browser's.</summary>
    public static async Task<string?> ReadAsync(UserManager<PortalUser> users, PortalUser person) =>
        (await FindAsync(users, person))?.Value;

    /// <summary>Keeps the choice. The cookie is renewed by whoever calls.</summary>
    /// <param name="users">The people.</param>
    /// <param name="person">Whose it is.</param>
    /// <param name="language">Null for the browser's.</param>
    public static async Task<IdentityResult> SetAsync(UserManager<PortalUser> users, PortalUser person, Language? language)
    {
        var before = await FindAsync(users, person);
        var now = language is null ? null : new Claim(PortalClaims.Language, language.Code);
        return (before, now) switch
        {
            (null, null) => IdentityResult.Success,
            (null, not null) => await users.AddClaimAsync(person, now),
            (not null, null) => await users.RemoveClaimAsync(person, before),
            _ => await users.ReplaceClaimAsync(person, before, now),
        };
    }

    private static async Task<Claim?> FindAsync(UserManager<PortalUser> users, PortalUser person) =>
        (await users.GetClaimsAsync(person)).FirstOrDefault(claim => claim.Type == PortalClaims.Language);
}
