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
                ? $"{provider} has not verified your mail address. Confirm it there, then try again."
                : $"{provider} tells no mail address of yours, which is needed here. Ask an administrator.";
        }

        if (settings.Domains.Count > 0 && !settings.Domains.Contains(DomainOf(identity.VerifiedMail), StringComparer.OrdinalIgnoreCase))
        {
            return $"Your mail address at {provider} is in no domain that may come in here. Ask an administrator.";
        }

        return settings.Groups.Count > 0 && !settings.Groups.Any(identity.Groups.Contains)
            ? $"You are in no group at {provider} that may come in here. Ask an administrator."
            : null;
    }

    private static string DomainOf(string mail) => mail[(mail.LastIndexOf('@') + 1)..];
}
