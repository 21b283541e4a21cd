using System.Net;
using System.Net.Sockets;
using System.Text;
using Portal.Web.Security.Outgoing;

namespace Portal.Web.Features.Stacks.Git;

/// <summary>What a run of git is told of one server: where it is, how to prove oneself, and by what to know it.</summary>
internal sealed class GitSession
{
    private const int MostSecret = 64 * 1024;

    // Keys are kept under a name of ours: the server is reached by its address.
    private const string Alias = "portal-pinned";

    private GitSession(IReadOnlyDictionary<string, string> environment) => Environment = environment;

    /// <summary>Variables: what is in an argument list is read by every user of the host.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Finds the server, and writes what a login needs into the workspace.</summary>
    /// <exception cref="GitException">The server is unknown or may not be reached, or the login does not fit.</exception>
    public static async Task<GitSession> BeginAsync(
        GitWorkspace workspace, GitAccess access, OutgoingConnections outgoing, CancellationToken cancellationToken)
    {
        if (ProblemOf(access) is { } problem)
        {
            throw new GitException(problem);
        }

        var addresses = await ResolveAsync(access.Address, outgoing, cancellationToken);
        return new GitSession(access.Address.IsSsh
            ? OfShell(workspace, access, addresses)
            : OfWeb(workspace, access, addresses));
    }

    /// <summary>The addresses at which a repository's server may be reached.</summary>
    public static async Task<IPAddress[]> ResolveAsync(
        GitAddress address, OutgoingConnections outgoing, CancellationToken cancellationToken)
    {
        try
        {
            return await outgoing.ResolveAsync(address.Host, cancellationToken);
        }
        catch (SocketException failure)
        {
            throw new GitException(E("The name '{0}' is not known here: look at the address.", address.Host), failure);
        }
        catch (OutgoingException refused)
        {
            throw new GitException(refused.Message, refused);
        }
    }

    /// <summary>Why a login does not fit its server; null when it does, or there is none.</summary>
    public static string? ProblemOf(GitAccess access) =>
        access.Secret.Length > MostSecret || access.HostKeys.Length > MostSecret || access.Certificates.Length > MostSecret
            ? N("The login, the server's keys or its certificates are too long.")
        : access.Address.IsSsh ? ShellProblem(access)
        : (access.User + access.Secret).Any(char.IsControl) || access.User.Contains(':')
            ? N("A user name has no colon, and a password or token is one line.")
        : access.Secret.Length == 0 && access.User.Length > 0 ? N("A user name needs its password or token.")
        : null;

    private static string? ShellProblem(GitAccess access) =>
        !access.Secret.Contains("PRIVATE KEY-----", StringComparison.Ordinal)
            ? N("Fetching over ssh needs a private key, in OpenSSH's or PEM's form.")
        : access.HostKeys.Trim().Length == 0
            ? N("Fetching over ssh needs the server's own keys: read them, compare their fingerprints, and accept them.")
        : null;

    private static Dictionary<string, string> OfWeb(GitWorkspace workspace, GitAccess access, IPAddress[] addresses)
    {
        // Its name was judged with these addresses, and is not looked up again.
        var settings = new List<(string Key, string Value)>
        {
            ("http.curloptResolve", $"{access.Address.Host}:{access.Address.Port}:{string.Join(',', addresses.Select(Literal))}"),
        };
        if (access.Secret.Length > 0)
        {
            var basic = Convert.ToBase64String(
                Encoding.UTF8.GetBytes($"{(access.User.Length > 0 ? access.User : "git")}:{access.Secret}"));
            settings.Add(($"http.{Origin(access.Address)}/.extraHeader", $"Authorization: Basic {basic}"));
        }

        if (access.Certificates.Trim().Length > 0)
        {
            settings.Add(("http.sslCAInfo", workspace.Write("certificates", access.Certificates)));
        }

        var environment = new Dictionary<string, string> { ["GIT_CONFIG_COUNT"] = $"{settings.Count}" };
        foreach (var (setting, index) in settings.Select((setting, index) => (setting, index)))
        {
            environment[$"GIT_CONFIG_KEY_{index}"] = setting.Key;
            environment[$"GIT_CONFIG_VALUE_{index}"] = setting.Value;
        }

        return environment;
    }

    private static Dictionary<string, string> OfShell(GitWorkspace workspace, GitAccess access, IPAddress[] addresses)
    {
        var key = workspace.Write("key", access.Secret.TrimEnd() + "\n");
        var hosts = workspace.Write("known_hosts", string.Concat(HostKey.ParseAll(access.HostKeys).Select(host => $"{Alias} {host}\n")));
        var config = workspace.Write("ssh_config", $"""
            Host *
              HostName {addresses[0]}
              HostKeyAlias {Alias}
              IdentityFile "{key}"
              IdentitiesOnly yes
              IdentityAgent none
              UserKnownHostsFile "{hosts}"
              GlobalKnownHostsFile /dev/null
              StrictHostKeyChecking yes
              UpdateHostKeys no
              VerifyHostKeyDNS no
              BatchMode yes
              PreferredAuthentications publickey
              ForwardAgent no
              ForwardX11 no
              ClearAllForwardings yes
              PermitLocalCommand no
              ProxyCommand none
              ControlMaster no
              ConnectTimeout 20
              ServerAliveInterval 10
              ServerAliveCountMax 3

            """);
        return new Dictionary<string, string> { ["GIT_SSH_COMMAND"] = $"ssh -F '{config}'", ["GIT_SSH_VARIANT"] = "ssh" };
    }

    private static string Origin(GitAddress address) => new Uri(address.Text).GetLeftPart(UriPartial.Authority);

    private static string Literal(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
}
