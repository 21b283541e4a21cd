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
            yield return E("The name has 1 to {0} characters.", MostName);
        }

        if (ProviderAddress.Normalize(input.Authority) is not { } authority)
        {
            yield return N("The address must begin with https:// (or http://localhost) and hold nothing after its path.");
        }
        else if (shape.IsPublic && authority == shape.Authority && settings is { AllowsNew: true, Domains.Count: 0, Groups.Count: 0 })
        {
            yield return E("Anybody in the world can have an account at {0}: name the mail domains or groups that may come in, "
                + "or let no new people in.", authority);
        }

        if (IsBad(input.ClientId.Trim(), MostText))
        {
            yield return N("The client id is what the provider calls this portal; it is needed.");
        }

        if (input.Secret.Length > MostSecret || input.Secret.Any(char.IsControl))
        {
            yield return E("The client's secret has up to {0} characters, all on one line.", MostSecret);
        }

        if (input.Kind != ProviderKind.GitHub && !settings.Scopes.Split(' ').Contains("openid"))
        {
            yield return N("The scopes must hold 'openid'.");
        }

        if (IsBad(settings.Scopes, MostText) || settings.GroupClaim.Length > MostText || settings.GroupClaim.Any(char.IsControl))
        {
            yield return E("Scopes and the claim of groups have up to {0} characters.", MostText);
        }

        if (settings.Domains.Any(domain => IsBad(domain, MostText) || domain.Contains('@') || !domain.Contains('.')))
        {
            yield return N("A mail domain looks like example.com.");
        }

        if (settings.Groups.Concat(settings.Teams.Select(pair => pair.Group)).Any(group => IsBad(group, MostText))
            || settings.Domains.Count > MostItems || settings.Groups.Count > MostItems || settings.Teams.Count > MostItems)
        {
            yield return E("There are up to {0} domains and groups, each with its name.", MostItems);
        }
    }

    private static bool IsBad(string text, int longest) => text.Length == 0 || text.Length > longest || text.Any(char.IsControl);
}
