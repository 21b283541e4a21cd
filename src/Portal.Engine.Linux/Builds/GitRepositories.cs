using System.Text.RegularExpressions;
using Portal.Engine.Builds.Remotes;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Interop.Folders;
using Portal.Engine.Linux.Runtime;

namespace Portal.Engine.Linux.Builds;

/// <inheritdoc cref="IGitRepositories"/>
internal sealed partial class GitRepositories : IGitRepositories
{
    // Whoever wrote the address or the repository chooses nothing that runs here: no hooks, no transport helpers, no files of this host.
    private static readonly string[] s_settings =
    [
        "-c", "protocol.allow=never", "-c", "protocol.https.allow=always", "-c", "protocol.http.allow=always", "-c",
        "protocol.git.allow=always",
        "-c", "protocol.ssh.allow=always", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "core.symlinks=true",
        "-c", "submodule.recurse=false", "-c", "credential.helper=", "-c", "init.defaultBranch=main", "-c", "safe.directory=*",
    ];

    public async Task<string> FetchAsync(
        string address, string reference, string folder, GitLogin? login = null, CancellationToken cancellationToken = default)
    {
        if (!Address().IsMatch(address) || (reference.Length > 0 && !Reference().IsMatch(reference)))
        {
            throw EngineException.InvalidArgument($"'{address}#{reference}' is no Git repository that can be fetched");
        }

        using var proof = GitProof.Make(login, address, folder + ".login");
        Directory.CreateDirectory(folder);
        await RunAsync(["init", "--quiet", "--template=", folder], cancellationToken).ConfigureAwait(false);
        var wanted = reference.Length == 0 ? "HEAD" : reference;
        await RunAsync(
            ["-C", folder, "fetch", "--quiet", "--depth", "1", "--no-tags", "--", address, wanted], cancellationToken, proof.Environment)
            .ConfigureAwait(false);
        await RunAsync(["-C", folder, "checkout", "--quiet", "--detach", "FETCH_HEAD"], cancellationToken).ConfigureAwait(false);
        return (await RunAsync(["-C", folder, "rev-parse", "HEAD"], cancellationToken).ConfigureAwait(false)).Trim();
    }

    public void Remove(string folder) => FolderTree.Remove(folder);

    private static async Task<string> RunAsync(
        string[] arguments, CancellationToken cancellationToken, IReadOnlyList<string>? environment = null)
    {
        var git = Programs.Find("git")
            ?? throw new EngineException(
                EngineErrorKind.Unavailable, "Fetching a repository needs git, which is not installed on this host.");

        // Nobody is there to be asked, and no password of the host's is to be found.
        var result = await Command
            .RunAsync(git, [.. s_settings, .. arguments], ["GIT_TERMINAL_PROMPT=0", "LC_ALL=C", .. environment ?? []], cancellationToken)
            .ConfigureAwait(false);
        return result.ExitCode == 0
            ? result.Output
            : throw new EngineException(EngineErrorKind.Unavailable, $"failed to fetch the repository: {Words(result.Error)}");
    }

    // Git's own words, without a login that somebody put into the address, and with what helps.
    private static string Words(string error)
    {
        var words = LoginInAddress().Replace(error.Trim(), "$1");
        var isRefused = words.Contains("could not read Username", StringComparison.Ordinal)
            || words.Contains("Authentication failed", StringComparison.Ordinal)
            || words.Contains("Permission denied (publickey", StringComparison.Ordinal);
        return isRefused ? $"{words}. The server wants a login that may read the repository, or another one than was given." : words;
    }

    [GeneratedRegex(@"\b([a-z]+://)[^/\s@]+@", RegexOptions.CultureInvariant)]
    private static partial Regex LoginInAddress();

    [GeneratedRegex(@"^((https?|git|ssh)://[^\s-][^\s]*|git@[A-Za-z0-9._-]+:[^\s]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Address();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._/+-]{0,255}$", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}
