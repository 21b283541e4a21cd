using System.Text.Json;

namespace Portal.Web.Identity.Providers.Protocol;

/// <summary>Reads who somebody is out of the claims of OpenID Connect (Core 1.0, 5.1).</summary>
internal static class OidcIdentity
{
    private const int MostGroups = 2000;

    /// <param name="issuer">Who says it.</param>
    /// <param name="token">The id token's claims.</param>
    /// <param name="info">What else the provider tells, of the same subject; null for nothing.</param>
    /// <param name="groupClaim">Where groups stand.</param>
    /// <exception cref="ProviderException">Both are not of the same person.</exception>
    public static ProvidedIdentity Read(string issuer, JsonElement token, JsonElement? info, string groupClaim)
    {
        var subject = Text(token, "sub");
        if (info is { } told && Text(told, "sub") != subject)
        {
            throw new ProviderException(N("The provider tells of somebody else than its id token does."));
        }

        // An address and whether it is verified belong together: never one from here and the other from there.
        var mailSource = Text(token, "email").Length > 0 ? token : info ?? token;
        var (mail, verified) = (Text(mailSource, "email"), IsTrue(mailSource, "email_verified"));
        return new ProvidedIdentity
        {
            Issuer = issuer,
            Subject = subject,
            UserName = Either(token, info, "preferred_username") is { Length: > 0 } name ? name : Either(token, info, "nickname"),
            DisplayName = Either(token, info, "name"),
            VerifiedMail = verified ? mail : "",
            HasUnverifiedMail = mail.Length > 0 && !verified,
            Groups = Groups(token, groupClaim).Concat(info is { } more ? Groups(more, groupClaim) : [])
                .Take(MostGroups).ToHashSet(StringComparer.Ordinal),
        };
    }

    private static string Either(JsonElement token, JsonElement? info, string name) =>
        Text(token, name) is { Length: > 0 } own ? own : info is { } more ? Text(more, name) : "";

    internal static string Text(JsonElement claims, string name) =>
        claims.ValueKind == JsonValueKind.Object && claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : "";

    // Some write it as text.
    private static bool IsTrue(JsonElement claims, string name) => claims.TryGetProperty(name, out var value)
        && (value.ValueKind == JsonValueKind.True || (value.ValueKind == JsonValueKind.String && value.GetString() == "true"));

    private static IEnumerable<string> Groups(JsonElement claims, string path)
    {
        // A claim may be named with dots itself, as an address is: that one comes first.
        if (path.Length == 0 || !(claims.TryGetProperty(path, out var found) || TryFollow(claims, path, out found)))
        {
            return [];
        }

        return found.ValueKind switch
        {
            JsonValueKind.String => [found.GetString()!],
            JsonValueKind.Array => [.. found.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String)
                .Select(item => item.GetString()!)],
            _ => [],
        };
    }

    private static bool TryFollow(JsonElement claims, string path, out JsonElement found)
    {
        found = claims;
        foreach (var name in path.Split('.'))
        {
            if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(name, out found))
            {
                return false;
            }
        }

        return true;
    }
}
