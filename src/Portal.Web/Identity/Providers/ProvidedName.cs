using Microsoft.AspNetCore.Identity;
using Portal.Data.Entities;
using Portal.Web.Identity.Providers.Protocol;

namespace Portal.Web.Identity.Providers;

/// <summary>A free user name that looks like the one at the provider. Whose that is here already is somebody else.</summary>
internal static class ProvidedName
{
    private const int MostName = 48;
    private const int MostShown = 128;
    private const int MostTries = 1000;

    public static async Task<string> FindAsync(UserManager<PortalUser> users, ProvidedIdentity identity)
    {
        var wanted = identity.UserName.Length > 0 ? identity.UserName : identity.VerifiedMail.Split('@')[0];
        var clean = new string([.. wanted.Where(IsPlain).Take(MostName)]);
        var name = clean.Any(char.IsAsciiLetterOrDigit) ? clean : "person";
        for (var number = 2; number < MostTries; number++)
        {
            if (await users.FindByNameAsync(name) is null)
            {
                return name;
            }

            name = $"{(clean.Length > 0 ? clean : "person")}-{number}";
        }

        return $"person-{Guid.NewGuid():N}";
    }

    private static bool IsPlain(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_' or '@';

    public static string Shorten(string text)
    {
        var clean = new string([.. text.Where(letter => !char.IsControl(letter))]);
        return clean.Length > MostShown ? clean[..MostShown] : clean;
    }
}
