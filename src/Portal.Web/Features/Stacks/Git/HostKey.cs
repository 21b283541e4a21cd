using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Portal.Web.Features.Stacks.Git;

/// <summary>A key by which a server of ssh is known.</summary>
/// <param name="Type">As <c>ssh-ed25519</c>.</param>
/// <param name="Key">In base 64.</param>
internal sealed partial record HostKey(string Type, string Key)
{
    private const int Most = 16;

    /// <summary>As <c>ssh-keygen -l</c> and the pages of Git hosts show it.</summary>
    public string Fingerprint => $"SHA256:{Convert.ToBase64String(SHA256.HashData(Convert.FromBase64String(Key))).TrimEnd('=')}";

    /// <summary>The keys of lines <c>TYPE BASE64</c>, or with a host before it as in <c>known_hosts</c>; no others.</summary>
    public static IReadOnlyList<HostKey> ParseAll(string lines) =>
        [.. lines.Split('\n').Select(Parse).OfType<HostKey>().Distinct().Take(Most)];

    public override string ToString() => $"{Type} {Key}";

    private static HostKey? Parse(string line)
    {
        if (Lines().Match(line.Trim()) is not { Success: true } match)
        {
            return null;
        }

        var key = match.Groups["key"].Value;
        return Convert.TryFromBase64String(key, new byte[key.Length], out _) ? new HostKey(match.Groups["type"].Value, key) : null;
    }

    [GeneratedRegex(
        @"\A([^\s@|#-][^\s]* )?(?<type>ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-ssh-ed25519@openssh\.com) "
        + @"(?<key>[A-Za-z0-9+/]{40,4096}={0,2})( .*)?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Lines();
}
