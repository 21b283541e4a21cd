using System.Text.Json;

namespace Portal.Web.Identity.Providers.Protocol;

/// <summary>Asks GitHub's API who somebody is: their account, verified addresses, organisations and teams.</summary>
internal static class GitHubIdentity
{
    private const int MostPages = 10;
    private const int PageSize = 100;

    /// <exception cref="ProviderException">It does not say.</exception>
    public static async Task<ProvidedIdentity> ReadAsync(
        ProviderCalls calls, ProviderEndpoints endpoints, CancellationToken cancellationToken)
    {
        var user = await calls.GetAsync(endpoints.UserInfo, cancellationToken);
        var mails = await ListAsync(calls, $"{endpoints.UserInfo}/emails", cancellationToken);
        var teams = await ListAsync(calls, $"{endpoints.UserInfo}/teams", cancellationToken);
        var organisations = await ListAsync(calls, $"{endpoints.UserInfo}/orgs", cancellationToken);

        // The number: names can be given up and taken by others.
        if (!user.TryGetProperty("id", out var id) || !id.TryGetInt64(out var number))
        {
            throw new ProviderException(N("GitHub does not say who signed in."));
        }

        var verified = mails.Where(mail => Is(mail, "verified")).ToList();
        var main = verified.Find(mail => Is(mail, "primary"));
        var first = main.ValueKind == JsonValueKind.Undefined && verified.Count > 0 ? verified[0] : main;
        return new ProvidedIdentity
        {
            Issuer = endpoints.Issuer,
            Subject = number.ToString(System.Globalization.CultureInfo.InvariantCulture),
            UserName = OidcIdentity.Text(user, "login"),
            DisplayName = OidcIdentity.Text(user, "name"),
            VerifiedMail = OidcIdentity.Text(first, "email"),
            HasUnverifiedMail = verified.Count == 0 && mails.Count > 0,
            Groups = organisations.Select(organisation => OidcIdentity.Text(organisation, "login"))
                .Concat(teams.Select(NameOf))
                .Where(name => name.Length > 0)
                .ToHashSet(StringComparer.OrdinalIgnoreCase),
        };
    }

    private static string NameOf(JsonElement team) =>
        team.TryGetProperty("organization", out var organisation) && OidcIdentity.Text(organisation, "login") is { Length: > 0 } owner
            ? $"{owner}/{OidcIdentity.Text(team, "slug")}"
            : "";

    private static bool Is(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static async Task<List<JsonElement>> ListAsync(ProviderCalls calls, string address, CancellationToken cancellationToken)
    {
        var all = new List<JsonElement>();
        for (var page = 1; page <= MostPages; page++)
        {
            var answer = await calls.GetAsync($"{address}?per_page={PageSize}&page={page}", cancellationToken);
            var items = answer.ValueKind == JsonValueKind.Array ? answer.EnumerateArray().ToList() : [];
            all.AddRange(items);
            if (items.Count < PageSize)
            {
                break;
            }
        }

        return all;
    }
}
