namespace Portal.Engine.Builds.Remotes;

/// <summary>Fetches Git repositories with the host's <c>git</c>.</summary>
public interface IGitRepositories
{
    /// <summary>Fetches one commit and checks it out, without its history where the server allows that.</summary>
    /// <param name="address">The repository: <c>https</c>, <c>http</c>, <c>git</c> or <c>ssh</c>. Files of this host are refused.</param>
    /// <param name="reference">A branch, tag or commit; empty for the default branch.</param>
    /// <param name="folder">A folder that is not there yet; gets the files and <c>.git</c>. Removed by the caller.</param>
    /// <param name="login">For the repository's server; null for none.</param>
    /// <param name="cancellationToken">Stops git.</param>
    /// <returns>The commit's id.</returns>
    /// <exception cref="Errors.EngineException">
    /// InvalidArgument: an address that can't be fetched, or a login that does not fit it. Unavailable: no git
    /// here, no such reference, or the server can't be reached, in git's words.
    /// </exception>
    Task<string> FetchAsync(
        string address, string reference, string folder, GitLogin? login = null, CancellationToken cancellationToken = default);

    /// <summary>Removes a folder that was fetched into, whatever is in it.</summary>
    void Remove(string folder);
}
