namespace Portal.Web.Security;

/// <summary>An address that somebody entered and others are sent: where people reach the portal, or a host's API.</summary>
internal static class PublicAddress
{
    private const int Longest = 512;

    /// <summary>What to say of one of the portal that is none.</summary>
    public static readonly string Refusal = N("The portal's own address looks like https://portal.example.com, without a login, query or fragment.");

    public static bool IsGood(string text) =>
        text.Length <= Longest && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.AbsoluteUri.Length <= Longest
        && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
        && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0;

    /// <summary>One that is good, with nothing in it that could end it in a message.</summary>
    public static string Normalize(string text) => new Uri(text).AbsoluteUri.TrimEnd('/');
}
