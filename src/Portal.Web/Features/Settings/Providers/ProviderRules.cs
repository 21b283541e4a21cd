using Portal.Web.Identity.Providers;
using Portal.Web.Identity.Providers.Protocol;

namespace Portal.Web.Features.Settings.Providers;

/// <summary>What a provider must be to be kept.</summary>
internal static class ProviderRules
{
    private const int MostName = 64;
    private const int MostText = 512;
    private const int MostSecret = 4096;
    private const int MostItems = 100;

    /// <summary>All that is wrong, for whoever enters it.</summary>
    public static IEnumerable<string> FindProblems(ProviderInput input)
    {
        var (settings, shape) = (input.Settings, ProviderShape.Of(input.Kind));
        if (IsBad(input.Name.Trim(), MostName))
        {
            yield return $"The name has 1 to {MostName} characters.";
        }

        if (ProviderAddress.Normalize(input.Authority) is not { } authority)
        {
            yield return "The address must begin with https:// (or http://localhost) and hold nothing after its path.";
        }
        else if (shape.IsPublic && authority == shape.Authority && settings is { AllowsNew: true, Domains.Count: 0, Groups.Count: 0 })
        {
            yield return $"Anybody in the world can have an account at {authority}: name the mail domains or groups that may come in, "
                + "or let no new people in.";
        }

        if (IsBad(input.ClientId.Trim(), MostText))
        {
            yield return "The client id is what the provider calls this portal; it is needed.";
        }

        if (input.Secret.Length > MostSecret || input.Secret.Any(char.IsControl))
        {
            yield return $"The client's secret has up to {MostSecret} characters, all on one line.";
        }

        if (input.Kind != ProviderKind.GitHub && !settings.Scopes.Split(' ').Contains("openid"))
        {
            yield return "The scopes must hold 'openid'.";
        }

        if (IsBad(settings.Scopes, MostText) || settings.GroupClaim.Length > MostText || settings.GroupClaim.Any(char.IsControl))
        {
            yield return $"Scopes and the claim of groups have up to {MostText} characters.";
        }

        if (settings.Domains.Any(domain => IsBad(domain, MostText) || domain.Contains('@') || !domain.Contains('.')))
        {
            yield return "A mail domain looks like example.com.";
        }

        if (settings.Groups.Concat(settings.Teams.Select(pair => pair.Group)).Any(group => IsBad(group, MostText))
            || settings.Domains.Count > MostItems || settings.Groups.Count > MostItems || settings.Teams.Count > MostItems)
        {
            yield return $"There are up to {MostItems} domains and groups, each with its name.";
        }
    }

    private static bool IsBad(string text, int longest) => text.Length == 0 || text.Length > longest || text.Any(char.IsControl);
}
