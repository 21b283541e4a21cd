namespace Portal.Contracts.Policies;

/// <summary>
/// Patterns of repositories: <c>docker.io/library/busybox</c> is that one, <c>docker.io/library/*</c> and <c>registry.example.com/*</c> all
/// below, <c>*.example.com/team/*</c> any host of that domain. Tags and digests are not looked at; <c>:443</c> and Docker Hub's other hosts
/// change nothing.
/// </summary>
public static class ImagePattern
{
    private const string Hub = "docker.io";
    private const string HttpsPort = ":443";
    private const int LongestPattern = 255;
    private static readonly string[] s_hubHosts = ["index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"];

    /// <summary>
    /// Registry and repository of an image's name as users write it: <c>busybox:1</c> is <c>docker.io/library/busybox</c>. Null for an id, which
    /// says nothing of where the image comes from.
    /// </summary>
    public static string? RepositoryOf(string image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var name = image.Split('@')[0];
        var colon = name.LastIndexOf(':');
        name = colon > name.LastIndexOf('/') ? name[..colon] : name;
        if (IsId(image) || name.Length == 0)
        {
            return null;
        }

        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : name[..slash];
        var isHost = first.AsSpan().ContainsAny('.', ':') || first == "localhost" || first.Any(char.IsAsciiLetterUpper);
        var (host, path) = isHost ? (first, name[(slash + 1)..]) : (Hub, name);
        host = Normalize(host);
        return host == Hub && !path.Contains('/', StringComparison.Ordinal) ? $"{host}/library/{path}" : $"{host}/{path}";
    }

    /// <summary>Whether a pattern covers a repository as <see cref="RepositoryOf"/> gives it.</summary>
    public static bool Covers(string pattern, string repository)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(repository);
        var (patternHost, patternPath) = Split(pattern);
        var (host, path) = Split(repository);
        return CoversHost(Normalize(patternHost), host) && CoversPath(patternPath, path);
    }

    /// <summary>Why a text is no pattern, for the user; null when it is one.</summary>
    public static string? Problem(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        var (host, path) = Split(pattern);
        var plain = path.EndsWith("/*", StringComparison.Ordinal) ? path[..^2] : path == "*" ? "" : path;
        var ok = pattern.Length <= LongestPattern && path.Length > 0 && IsHost(host) && plain.All(IsPathCharacter)
            && !$"/{plain}/".Contains("//", StringComparison.Ordinal) | plain.Length == 0;
        return ok ? null
            : $"'{pattern}' is no pattern of repositories. Write the registry too: 'docker.io/library/*', 'registry.example.com/team/*', "
                + "'registry.example.com/*'.";
    }

    private static bool IsHost(string host)
    {
        var plain = host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host;
        return plain.Length > 0 && plain.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or ':' or '[' or ']')
            && (plain == "localhost" || plain.AsSpan().ContainsAny('.', ':'));
    }

    private static bool IsPathCharacter(char letter) =>
        char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '.' or '-' or '_' or '/';

    // One registry has one name here, or a rule on it could be had around by another: capitals, HTTPS's own port, Docker Hub's other hosts.
    private static string Normalize(string host)
    {
        var lower = host.ToLowerInvariant();
        var name = lower.EndsWith(HttpsPort, StringComparison.Ordinal) ? lower[..^HttpsPort.Length] : lower;
        return s_hubHosts.Contains(name) ? Hub : name;
    }

    private static bool CoversHost(string pattern, string host) =>
        pattern == host || (host == Hub && pattern == $"*.{Hub}")
        || (pattern.StartsWith("*.", StringComparison.Ordinal) && host.EndsWith(pattern[1..], StringComparison.Ordinal)
            && host.Length > pattern.Length - 1);

    private static bool CoversPath(string pattern, string path) =>
        pattern == "*" || pattern == path
        || (pattern.EndsWith("/*", StringComparison.Ordinal) && path.StartsWith(pattern[..^1], StringComparison.Ordinal));

    // An id, or a prefix of one as short as clients print it. A repository may have such a name as well: then the agent knows more.
    private static bool IsId(string image) =>
        image.StartsWith("sha256:", StringComparison.Ordinal)
        || (image.Length is >= 12 and <= 64 && image.All(char.IsAsciiHexDigitLower));

    private static (string Host, string Path) Split(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? (text, "") : (text[..slash], text[(slash + 1)..]);
    }
}
