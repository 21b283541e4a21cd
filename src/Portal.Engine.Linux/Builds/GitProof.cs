using System.Text;
using Portal.Engine.Builds.Remotes;
using Portal.Engine.Errors;

namespace Portal.Engine.Linux.Builds;

/// <summary>
/// A login as variables for one run of git: what is in an argument list is read by every user of the host. Files of a key are gone when
/// this is disposed.
/// </summary>
internal sealed class GitProof : IDisposable
{
    private const int MostBytes = 64 * 1024;
    private readonly string? _folder;

    private GitProof(IReadOnlyList<string> environment, string? folder)
    {
        Environment = environment;
        _folder = folder;
    }

    /// <summary>Variables as <c>NAME=VALUE</c>.</summary>
    public IReadOnlyList<string> Environment { get; }

    /// <summary>Makes it.</summary>
    /// <param name="login">Null for none.</param>
    /// <param name="address">Of the repository.</param>
    /// <param name="folder">Where a key's files may be; not there yet.</param>
    /// <exception cref="EngineException">InvalidArgument: the login does not fit the address, or is not well formed.</exception>
    public static GitProof Make(GitLogin? login, string address, string folder)
    {
        var isWeb = address.StartsWith("http", StringComparison.Ordinal);
        if (login is null || (login.Password.Length == 0 && login.PrivateKey.Length == 0))
        {
            return new GitProof([], null);
        }

        return isWeb && login.Password.Length > 0 ? OfPassword(login, new Uri(address))
            : !isWeb && !address.StartsWith("git:", StringComparison.Ordinal) && login.PrivateKey.Length > 0 ? OfKey(login, folder)
            : throw EngineException.InvalidArgument(
                "The login does not fit the repository's address: https takes a user and a token, ssh takes a private key.");
    }

    public void Dispose()
    {
        if (_folder is not null && Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static GitProof OfPassword(GitLogin login, Uri address)
    {
        if (address.Scheme != Uri.UriSchemeHttps && !address.IsLoopback)
        {
            throw EngineException.InvalidArgument("A login is sent over https alone: http would show it to the network.");
        }

        if (address.UserInfo.Length > 0)
        {
            throw EngineException.InvalidArgument("The repository's address has a login of its own. Leave one of the two away.");
        }

        if (login.User.Length + login.Password.Length > MostBytes || login.User.Contains(':')
            || (login.User + login.Password).Any(char.IsControl))
        {
            throw EngineException.InvalidArgument("The login of the repository is too long, or has characters that no login has.");
        }

        // Bound to the server, and no redirect takes it elsewhere.
        var user = login.User.Length > 0 ? login.User : "git";
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{login.Password}"));
        return new GitProof(
            [
                "GIT_CONFIG_COUNT=2",
                $"GIT_CONFIG_KEY_0=http.{address.GetLeftPart(UriPartial.Authority)}/.extraHeader",
                $"GIT_CONFIG_VALUE_0=Authorization: Basic {basic}",
                "GIT_CONFIG_KEY_1=http.followRedirects",
                "GIT_CONFIG_VALUE_1=false",
            ],
            null);
    }

    private static GitProof OfKey(GitLogin login, string folder)
    {
        if (login.KnownHosts.Trim().Length == 0)
        {
            throw EngineException.InvalidArgument(
                "Fetching over ssh with a key needs the server's own key, as a line of known_hosts (ssh-keyscan shows it).");
        }

        if (login.PrivateKey.Length > MostBytes || login.KnownHosts.Length > MostBytes || !login.PrivateKey.Contains("PRIVATE KEY-----"))
        {
            throw EngineException.InvalidArgument("The private key is none in OpenSSH's or PEM's form.");
        }

        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        Write("key", login.PrivateKey.ReplaceLineEndings("\n").TrimEnd() + "\n");
        Write("known_hosts", login.KnownHosts.ReplaceLineEndings("\n").TrimEnd() + "\n");
        Write(
            "config",
            $"""
            Host *
              IdentityFile "{folder}/key"
              IdentitiesOnly yes
              IdentityAgent none
              UserKnownHostsFile "{folder}/known_hosts"
              GlobalKnownHostsFile /dev/null
              StrictHostKeyChecking yes
              BatchMode yes
              PasswordAuthentication no
              ConnectTimeout 30

            """);
        return new GitProof([$"GIT_SSH_COMMAND=ssh -F '{folder}/config'"], folder);

        void Write(string name, string text)
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
            using var file = new FileStream(Path.Combine(folder, name), options);
            file.Write(Encoding.UTF8.GetBytes(text));
        }
    }
}
