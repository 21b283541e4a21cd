using System.Text.Json;

namespace Portal.Web.Features.Webhooks.Receiving;

/// <summary>Headers of a delivery as they are kept: without what proves who sends, and no more than anybody needs.</summary>
internal static class HeaderMask
{
    private const string Hidden = "(hidden)";
    private const int Most = 64;
    private const int LongestValue = 1024;

    private static readonly string[] s_secret =
        ["authorization", "cookie", "token", "signature", "secret", "password", "credential", "api-key", "apikey", "hmac"];

    public static string ToJson(IReadOnlyDictionary<string, string> headers) => JsonSerializer.Serialize(headers
        .OrderBy(pair => pair.Key, StringComparer.Ordinal)
        .Take(Most)
        .ToDictionary(pair => pair.Key, pair => IsSecret(pair.Key) ? Hidden : Cut(pair.Value)));

    public static IReadOnlyDictionary<string, string> Parse(string json) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? throw new JsonException("Headers are null.");

    private static bool IsSecret(string name) => s_secret.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase));

    // PostgreSQL's jsonb holds no NUL.
    private static string Cut(string value)
    {
        var text = value.Length <= LongestValue ? value : value[..LongestValue] + "...";
        return text.Replace("\0", "", StringComparison.Ordinal);
    }
}
