using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using Portal.Web.Configuration;
using Portal.Web.Security.Outgoing;

namespace Portal.Web.Features.Stacks.Git;

/// <summary>Asks servers of Git, and fetches from them, by the <c>git</c> program.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class GitRepositories(OutgoingConnections outgoing, IOptions<PortalOptions> options, TimeProvider time)
{
    private const long MostWords = 4 << 20;
    private const int LongestName = 128;
    private const int LongestSubject = 256;
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(3);
    private readonly string _root = Path.Combine(options.Value.Data, "portal", "git");

    /// <summary>The commit that a reference means now.</summary>
    /// <exception cref="GitException">It can't be told; says why.</exception>
    public Task<string> FindAsync(GitAccess access, GitReference reference, CancellationToken cancellationToken) =>
        RunAsync(async (workspace, token) =>
        {
            var session = await GitSession.BeginAsync(workspace, access, outgoing, token);
            return await FindAsync(workspace, session, access.Address, reference, token);
        }, cancellationToken);

    /// <summary>Fetches a commit alone, without its history, and gives it to what reads it; when that is done, it is gone.</summary>
    /// <exception cref="GitException">It can't be fetched; says why.</exception>
    public Task<T> FetchAsync<T>(
        GitAccess access, GitReference reference, bool withSubmodules, Func<GitTree, CancellationToken, Task<T>> use,
        CancellationToken cancellationToken) =>
        RunAsync(async (workspace, token) =>
        {
            var session = await GitSession.BeginAsync(workspace, access, outgoing, token);
            var id = await FindAsync(workspace, session, access.Address, reference, token);
            var folder = await FetchAsync(workspace, session, access.Address, id, 0, token);
            var commit = await ReadCommitAsync(workspace, folder, id, token);
            var submodules = new GitSubmodules(workspace, FetchAsync, outgoing, withSubmodules);
            return await use(await GitTree.ReadAsync(workspace, submodules, access, folder, commit, token), token);
        }, cancellationToken);

    /// <summary>The keys that a server of ssh shows: for a person to compare, and no proof of anything by themselves.</summary>
    /// <exception cref="GitException">It shows none.</exception>
    public Task<IReadOnlyList<HostKey>> ReadHostKeysAsync(GitAddress address, CancellationToken cancellationToken) =>
        RunAsync(async (workspace, token) =>
        {
            var addresses = await GitSession.ResolveAsync(address, outgoing, token);
            var port = address.Port.ToString(CultureInfo.InvariantCulture);
            var none = E("'{0}' shows no key at port {1}: is a server of ssh there, and no firewall in between?", address.Host, port);
            try
            {
                var said = await workspace.RunAsync(
                    "ssh-keyscan", ["-T", "10", "-p", port, "--", addresses[0].ToString()], new Dictionary<string, string>(), [], MostWords,
                    token);
                return HostKey.ParseAll(Encoding.UTF8.GetString(said)) is { Count: > 0 } keys ? keys : throw new GitException(none);
            }
            catch (GitException failure)
            {
                throw new GitException(none, failure);
            }
        }, cancellationToken);

    private static async Task<string> FindAsync(
        GitWorkspace workspace, GitSession session, GitAddress address, GitReference reference, CancellationToken cancellationToken)
    {
        if (reference.Kind == GitReference.Commit)
        {
            return reference.Name;
        }

        // A tag with words of its own is an object of its own: what it is of is told beside it.
        var peeled = reference.Path + "^{}";
        var said = await workspace.RunGitAsync(
            ["ls-remote", "--quiet", "--", address.Text, reference.Path, peeled], session.Environment, [], MostWords, cancellationToken);
        var found = Encoding.UTF8.GetString(said).Split('\n').Select(line => line.Split('\t'))
            .Where(parts => parts.Length == 2 && GitReference.IsObject(parts[0]))
            .ToLookup(parts => parts[1], parts => parts[0], StringComparer.Ordinal);
        return found[peeled].Concat(found[reference.Path]).FirstOrDefault()
            ?? throw new GitException(E("The repository has no {0:said}: look at its name, and at upper and lower case.", reference.InWords));
    }

    private static async Task<string> FetchAsync(
        GitWorkspace workspace, GitSession session, GitAddress address, string id, int number, CancellationToken cancellationToken)
    {
        var folder = $"{number}.git";
        var format = id.Length == 64 ? "sha256" : "sha1";
        await workspace.RunGitAsync(
            ["init", "--quiet", "--bare", "--template=", $"--object-format={format}", folder], session.Environment, [], MostWords,
            cancellationToken);
        await workspace.RunGitAsync(
            ["--git-dir", folder, "fetch", "--quiet", "--depth=1", "--no-tags", "--no-write-fetch-head", "--", address.Text, id],
            session.Environment, [], MostWords, cancellationToken);
        return folder;
    }

    private static async Task<GitCommit> ReadCommitAsync(
        GitWorkspace workspace, string folder, string id, CancellationToken cancellationToken)
    {
        var said = await workspace.RunGitAsync(
            ["--git-dir", folder, "log", "-1", "--no-color", "--encoding=UTF-8", "--format=%H%x00%an%x00%ct%x00%s", id],
            new Dictionary<string, string>(), [], MostWords, cancellationToken);
        var parts = Encoding.UTF8.GetString(said).Split('\0');
        return parts.Length == 4 && GitReference.IsObject(parts[0])
            ? new GitCommit(
                parts[0], GitWords.Plain(parts[1], LongestName), GitWords.Plain(parts[3], LongestSubject), TimeOf(parts[2]))
            : throw new GitException(E("'{0}' is no commit.", id));
    }

    // A commit says what it likes of its time.
    private static DateTimeOffset TimeOf(string seconds) =>
        long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? DateTimeOffset.FromUnixTimeSeconds(Math.Min(value, DateTimeOffset.MaxValue.ToUnixTimeSeconds()))
            : DateTimeOffset.UnixEpoch;

    private async Task<TResult> RunAsync<TResult>(
        Func<GitWorkspace, CancellationToken, Task<TResult>> work, CancellationToken cancellationToken)
    {
        using var workspace = new GitWorkspace(_root, time);
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var limit = time.CreateTimer(_ => bounded.Cancel(), null, s_longest, Timeout.InfiniteTimeSpan);
        try
        {
            return await work(workspace, bounded.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new GitException(E("Fetching took longer than {0:0} minutes.", s_longest.TotalMinutes));
        }
    }
}
