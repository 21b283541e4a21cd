using System.Text;
using Portal.Web.Security.Outgoing;

namespace Portal.Web.Features.Stacks.Git;

/// <summary>
/// Fetches submodules by ourselves: what a repository says of them is data, and git's own command would act on it.
/// </summary>
/// <remarks>One for a look at a repository.</remarks>
internal sealed class GitSubmodules(
    GitWorkspace workspace,
    Func<GitWorkspace, GitSession, GitAddress, string, int, CancellationToken, Task<string>> fetch,
    OutgoingConnections outgoing,
    bool isOn)
{
    private const int Most = 20;
    private const int MostSettings = 256 * 1024;
    private int _fetched;

    /// <summary>Fetches one: a commit at a path of the repository around it, whose <c>.gitmodules</c> are the settings, if any.</summary>
    /// <returns>The folder that has it, and how it was reached.</returns>
    /// <exception cref="GitException">It may not or can't be fetched.</exception>
    public async Task<(string Folder, GitAccess Access)> FetchAsync(
        GitAccess around, GitEntry? settings, string path, string id, CancellationToken cancellationToken)
    {
        if (!isOn)
        {
            throw new GitException(E("'{0}' is a submodule, and submodules are not fetched for this stack.", path));
        }

        if (++_fetched > Most)
        {
            throw new GitException(E("The stack's files are in more than {0} submodules.", Most));
        }

        var text = await AddressOfAsync(settings, path, cancellationToken);
        if (around.Address.Resolve(text) is not { } address)
        {
            throw new GitException(E("The submodule '{0}' has an address that is not fetched from.", path) + " " + GitAddress.Advice);
        }

        var access = around.For(address);
        try
        {
            var session = await GitSession.BeginAsync(workspace, access, outgoing, cancellationToken);
            return (await fetch(workspace, session, address, id, _fetched, cancellationToken), access);
        }
        catch (GitException failure)
        {
            throw new GitException(E("The submodule '{0}' of {1:name} can't be fetched: {2:said}", path, address, failure.Message), failure);
        }
    }

    private async Task<string> AddressOfAsync(GitEntry? settings, string path, CancellationToken cancellationToken)
    {
        if (settings is null || settings.IsLink || settings.IsSubmodule || settings.Size > MostSettings)
        {
            throw new GitException(E("'{0}' is a submodule, and there is no .gitmodules that says where it comes from.", path));
        }

        var said = await workspace.RunGitAsync(
            ["--git-dir", settings.Repository, "config", "--blob", settings.Id, "--list", "-z", "--no-includes"],
            new Dictionary<string, string>(), [], MostSettings * 2, cancellationToken);
        var values = Encoding.UTF8.GetString(said).Split('\0').Select(entry => entry.Split('\n', 2)).Where(parts => parts.Length == 2)
            .ToLookup(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
        const string Ending = ".path";
        var name = values.FirstOrDefault(entry => entry.Key.StartsWith("submodule.", StringComparison.Ordinal)
            && entry.Key.EndsWith(Ending, StringComparison.Ordinal) && entry.Last().TrimEnd('/') == path)?.Key[..^Ending.Length];
        return (name is null ? null : values[name + ".url"].LastOrDefault())
            ?? throw new GitException(E("'{0}' is a submodule, and .gitmodules does not say where it comes from.", path));
    }
}
