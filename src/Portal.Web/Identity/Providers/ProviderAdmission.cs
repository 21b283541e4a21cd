using Portal.Web.Identity.Providers.Protocol;

namespace Portal.Web.Identity.Providers;

/// <summary>Whom a provider's settings let in at all: asked at each sign-in, so that who left an organisation stays out.</summary>
internal static class ProviderAdmission
{
    /// <summary>Why somebody may not come in, for them; null when they may.</summary>
    public static string? FindProblem(string provider, ProviderSettings settings, ProvidedIdentity identity)
    {
        if (settings.Domains.Count > 0 && identity.VerifiedMail.Length == 0)
        {
            return identity.HasUnverifiedMail
                ? E("{0} has not verified your mail address. Confirm it there, then try again.", provider)
                : E("{0} tells no mail address of yours, which is needed here. Ask an administrator.", provider);
        }

        if (settings.Domains.Count > 0 && !settings.Domains.Contains(DomainOf(identity.VerifiedMail), StringComparer.OrdinalIgnoreCase))
        {
            return E("Your mail address at {0} is in no domain that may come in here. Ask an administrator.", provider);
        }

        return settings.Groups.Count > 0 && !settings.Groups.Any(identity.Groups.Contains)
            ? E("You are in no group at {0} that may come in here. Ask an administrator.", provider)
            : null;
    }

    private static string DomainOf(string mail) => mail[(mail.LastIndexOf('@') + 1)..];
}
