namespace Portal.Web.Identity.Providers.Protocol;

/// <summary>Which addresses a provider may have: over TLS, or on this machine.</summary>
internal static class ProviderAddress
{
    private const int Longest = 512;

    /// <summary>What a link of it is kept by: without a slash at the end; null when it can't be one.</summary>
    public static string? Normalize(string text)
    {
        var clean = text.Trim().TrimEnd('/');
        return clean.Length <= Longest && IsSafe(clean) && new Uri(clean) is { Query: "", Fragment: "", UserInfo: "" } ? clean : null;
    }

    /// <summary>Whether secrets may be sent there.</summary>
    public static bool IsSafe(string? address) => Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));
}
