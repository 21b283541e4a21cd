using System.Globalization;
using System.Text.RegularExpressions;

namespace Portal.Web.Features.Stacks.Git;

/// <summary>
/// Where a repository is: over https, or over ssh. No other protocol, no login in it, nothing that a program could take for an option.
/// </summary>
internal sealed partial record GitAddress
{
    public const int Longest = 2048;
    private const int SecurePort = 443;
    private const int ShellPort = 22;

    private GitAddress(string text, bool isSsh, string host, int port, string path) =>
        (Text, IsSsh, Host, Port, Path) = (text, isSsh, host, port, path);

    /// <summary>As git takes it.</summary>
    public string Text { get; }

    public bool IsSsh { get; }

    /// <summary>A name or an address; without brackets.</summary>
    public string Host { get; }

    public int Port { get; }

    /// <summary>The server alone: what logins and keys are bound to.</summary>
    public string Server => string.Create(CultureInfo.InvariantCulture, $"{(IsSsh ? "ssh" : "https")}://{Host.ToLowerInvariant()}:{Port}");

    private string Path { get; }

    /// <summary>Null when it is none that is fetched from; <see cref="Advice"/> says what is.</summary>
    public static GitAddress? Parse(string text)
    {
        if (text.Length > Longest)
        {
            return null;
        }

        if (Url().Match(text) is { Success: true } url)
        {
            var isSsh = url.Groups["scheme"].Value == "ssh";
            var port = url.Groups["port"] is { Success: true } given ? int.Parse(given.Value, CultureInfo.InvariantCulture)
                : isSsh ? ShellPort : SecurePort;
            var isRight = port is > 0 and < 65536 && (isSsh || !url.Groups["user"].Success) && IsPath(url.Groups["path"].Value);
            return isRight ? new(text, isSsh, url.Groups["host"].Value.Trim('[', ']'), port, url.Groups["path"].Value) : null;
        }

        return Short().Match(text) is { Success: true } match && IsPath(match.Groups["path"].Value)
            ? new(text, true, match.Groups["host"].Value, ShellPort, match.Groups["path"].Value)
            : null;
    }

    /// <summary>What an address looks like, for whoever entered another one.</summary>
    public static string Advice => N(
        "An address looks like https://host/team/app.git, ssh://git@host/team/app.git or git@host:team/app.git, and has no password in it.");

    /// <summary>Another repository as one of its submodules names it: an address, or a way from here.</summary>
    public GitAddress? Resolve(string text)
    {
        if (!text.StartsWith("./", StringComparison.Ordinal) && !text.StartsWith("../", StringComparison.Ordinal))
        {
            return Parse(text);
        }

        var names = Path.Trim('/').Split('/').ToList();
        foreach (var name in text.Split('/'))
        {
            switch (name)
            {
                case "." or "":
                    break;
                case ".." when names.Count == 0:
                    return null;
                case "..":
                    names.RemoveAt(names.Count - 1);
                    break;
                default:
                    names.Add(name);
                    break;
            }
        }

        var before = Text[..^Path.Length];
        return Parse($"{before}{(Path.StartsWith('/') ? "/" : "")}{string.Join('/', names)}");
    }

    public bool Equals(GitAddress? other) => other?.Text == Text;

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);

    public override string ToString() => Text;

    private static bool IsPath(string path) =>
        path.Trim('/').Length > 0 && !path.StartsWith('-') && path.Split('/').All(name => name is not ("." or ".."));

    [GeneratedRegex(
        @"\A(?<scheme>https|ssh)://((?<user>[A-Za-z0-9_][A-Za-z0-9._-]*)@)?"
        + @"(?<host>[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(:(?<port>[0-9]{1,5}))?(?<path>/[A-Za-z0-9._~/+@%-]+)\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Url();

    [GeneratedRegex(
        @"\A([A-Za-z0-9_][A-Za-z0-9._-]*@)(?<host>[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?):(?<path>[A-Za-z0-9._~/+@%-]+)\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Short();
}
