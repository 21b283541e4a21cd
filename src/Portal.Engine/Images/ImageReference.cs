using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Portal.Engine.Errors;

namespace Portal.Engine.Images;

/// <summary>
/// The name of an image as Docker understands it (distribution, <c>reference</c>): <c>[host[:port]/]path[:tag][@sha256:...]</c>. Without a
/// host it is on Docker Hub (<c>docker.io</c>), and there a path of one part is in <c>library/</c>.
/// </summary>
public sealed partial record ImageReference
{
    private const string Hub = "docker.io";
    private const string HubLibrary = "library/";
    private const string DefaultTag = "latest";
    private const string DomainPart = "([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9])";
    private const int MaxNameLength = 255;

    private ImageReference(string domain, string path, string? tag, string? digest)
    {
        Domain = domain;
        Path = path;
        Tag = tag;
        Digest = digest;
    }

    /// <summary>The registry, such as <c>docker.io</c> or <c>host:5000</c>.</summary>
    public string Domain { get; }

    /// <summary>The repository in the registry, such as <c>library/busybox</c>.</summary>
    public string Path { get; }

    /// <summary>The tag, or null.</summary>
    public string? Tag { get; private init; }

    /// <summary><c>sha256:</c> and 64 hexadecimal digits, or null.</summary>
    public string? Digest { get; private init; }

    /// <summary>Registry and repository, such as <c>docker.io/library/busybox</c>.</summary>
    public string Repository => $"{Domain}/{Path}";

    /// <summary>Registry and repository as users write them, such as <c>busybox</c>.</summary>
    public string FamiliarRepository
    {
        get
        {
            if (Domain != Hub)
            {
                return Repository;
            }

            var isLibrary = Path.StartsWith(HubLibrary, StringComparison.Ordinal) && Path.IndexOf('/') == Path.LastIndexOf('/');
            return isLibrary ? Path[HubLibrary.Length..] : Path;
        }
    }

    /// <summary>The reference as users write it, such as <c>busybox:latest</c>.</summary>
    public string Familiar => FamiliarRepository + Suffix;

    private string Suffix => (Tag is null ? "" : $":{Tag}") + (Digest is null ? "" : $"@{Digest}");

    /// <summary>Understands a name as users write it.</summary>
    /// <exception cref="EngineException">InvalidArgument: malformed.</exception>
    public static ImageReference Parse(string text)
    {
        return TryParse(text, out var reference)
            ? reference
            : throw EngineException.InvalidArgument(
                $"'{Shorten(text)}' is no valid image name. It must look like 'name', 'name:tag' or "
                + "'host:port/path/name:tag', in lower case except for the tag.");
    }

    /// <summary>Understands a name as users write it; false when it is malformed.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ImageReference? reference)
    {
        reference = null;
        if (string.IsNullOrEmpty(text) || text.Length > 600 || HexId().IsMatch(text))
        {
            return false;
        }

        var match = Shape().Match(text);
        if (!match.Success)
        {
            return false;
        }

        var (domain, path) = SplitDomain(match.Groups["name"].Value);
        if (!DomainShape().IsMatch(domain) || !PathShape().IsMatch(path) || domain.Length + path.Length + 1 > MaxNameLength)
        {
            return false;
        }

        reference = new ImageReference(domain, path, Value(match.Groups["tag"]), Value(match.Groups["digest"]));
        return true;
    }

    /// <summary>The same name with the tag <c>latest</c> when it has neither tag nor digest.</summary>
    public ImageReference WithDefaultTag() => Tag is null && Digest is null ? WithTag(DefaultTag) : this;

    /// <summary>The same repository with this tag, which is valid, and no digest.</summary>
    internal ImageReference WithTag(string tag) => this with { Tag = tag, Digest = null };

    /// <summary>True for what can be a tag.</summary>
    internal static bool IsTag(string text) => TagShape().IsMatch(text);

    /// <summary>The same repository with this digest and no tag.</summary>
    public ImageReference WithDigest(string digest) => this with { Tag = null, Digest = digest };

    /// <summary>The same name without its digest, or null when it has no tag.</summary>
    public ImageReference? WithoutDigest() => Tag is null ? null : this with { Digest = null };

    /// <summary>The full form, such as <c>docker.io/library/busybox:latest</c>.</summary>
    public override string ToString() => Repository + Suffix;

    private static (string Domain, string Path) SplitDomain(string name)
    {
        var slash = name.IndexOf('/');
        var first = slash < 0 ? "" : name[..slash];
        var isDomain = first.AsSpan().ContainsAny('.', ':') || first == "localhost" || first.Any(char.IsAsciiLetterUpper);
        var (domain, path) = isDomain ? (first, name[(slash + 1)..]) : (Hub, name);
        domain = domain == "index.docker.io" ? Hub : domain;
        return (domain, domain == Hub && !path.Contains('/') ? HubLibrary + path : path);
    }

    private static string? Value(Group group) => group.Success ? group.Value : null;

    private static string Shorten(string? text) => text is { Length: > 100 } ? text[..100] + "..." : text ?? "";

    [GeneratedRegex(@"\A(?<name>[^@]*?)(:(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(@(?<digest>sha256:[0-9a-f]{64}))?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Shape();

    [GeneratedRegex(
        @"\A(" + DomainPart + @"(\." + DomainPart + @")*|\[[0-9A-Fa-f:]+\])(:[0-9]{1,5})?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex DomainShape();

    [GeneratedRegex(@"\A[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex PathShape();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex TagShape();

    [GeneratedRegex(@"\A[0-9a-f]{64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex HexId();
}
