using Portal.Data.Entities.Stacks;
using Portal.Web.Features.Stacks.Files;
using Portal.Web.Features.Stacks.Git;

namespace Portal.Web.Features.Stacks.Sources;

/// <summary>Fetches what a source names; writes nothing.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class StackFetcher(GitRepositories repositories, StackSourceSecrets secrets)
{
    /// <summary>The commit that is there now.</summary>
    /// <exception cref="GitException">It can't be told.</exception>
    /// <exception cref="StackException">The login can't be decrypted.</exception>
    public Task<string> FindAsync(StackSource source, CancellationToken cancellationToken) =>
        repositories.FindAsync(AccessOf(source), ReferenceOf(source), cancellationToken);

    /// <summary>The files of a stack as a commit has them.</summary>
    /// <exception cref="GitException">They can't be fetched.</exception>
    /// <exception cref="StackException">They are wrong, or the login can't be decrypted.</exception>
    public Task<(GitCommit Commit, StackFileSet Files)> FetchAsync(
        StackSource source, string commit, string name, IReadOnlyDictionary<string, string> values, bool isSpread,
        CancellationToken cancellationToken) =>
        repositories.FetchAsync(
            AccessOf(source),
            new GitReference(GitReference.Commit, commit),
            source.WithSubmodules,
            async (tree, token) => (tree.Commit, await new StackTreeReader(tree, isSpread)
                .ReadAsync(source.ComposeFiles, name, values, token)),
            cancellationToken);

    private static GitReference ReferenceOf(StackSource source) => new(source.ReferenceKind, source.Reference);

    private GitAccess AccessOf(StackSource source)
    {
        var address = GitAddress.Parse(source.Address) ?? throw new GitException(GitAddress.Advice);
        return new GitAccess
        {
            Address = address,
            User = source.UserName,
            Secret = secrets.Unprotect(source.StackId, address, source.KeptSecret),
            HostKeys = source.HostKeys,
            Certificates = source.Certificates,
        };
    }
}
