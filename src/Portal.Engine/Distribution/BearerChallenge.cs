using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Portal.Engine.Distribution;

/// <summary>What a registry asks for in <c>WWW-Authenticate: Bearer realm="...",service="...",scope="..."</c>
/// (distribution, token authentication).</summary>
internal sealed partial record BearerChallenge(Uri Realm, string? Service, string? Scope)
{
    public static BearerChallenge? Find(HttpResponseHeaders headers)
    {
        var parameter = headers.WwwAuthenticate
            .FirstOrDefault(challenge => string.Equals(challenge.Scheme, "Bearer", StringComparison.OrdinalIgnoreCase))?.Parameter;
        if (parameter is null || parameter.Length > 4096)
        {
            return null;
        }

        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (Match match in Pair().Matches(parameter))
        {
            values[match.Groups[1].Value] = match.Groups[2].Value;
        }

        return Uri.TryCreate(values.GetValueOrDefault("realm"), UriKind.Absolute, out var realm)
            ? new BearerChallenge(realm, values.GetValueOrDefault("service"), values.GetValueOrDefault("scope"))
            : null;
    }

    [GeneratedRegex("""([a-z]+)="([^"]*)"(?:,|\s*$)""", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Pair();
}
