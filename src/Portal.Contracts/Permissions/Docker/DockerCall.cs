namespace Portal.Contracts.Permissions.Docker;

/// <summary>One request of Docker's API, and what it needs.</summary>
/// <param name="Rule">Its route.</param>
/// <param name="Subject">The container, image, network, volume or exec that the path names; empty for none.</param>
/// <param name="Query">With its question mark, or empty.</param>
/// <param name="Permissions">What the path alone needs.</param>
public sealed record DockerCall(DockerRule Rule, string Subject, string Query, IReadOnlyList<string> Permissions)
{
    /// <summary>All that it needs, once its body is known.</summary>
    /// <param name="body">The body of a route whose body is checked; anything for the others.</param>
    /// <param name="stackFolders">
    /// Folders with trees that stacks mount (<see cref="Stacks.StackTree"/>): mounting these read-only takes <c>stacks.deploy</c>, and not
    /// what mounting the host's folders does. None by default.
    /// </param>
    /// <exception cref="FormatException">The body is none that could be checked.</exception>
    public IReadOnlyList<string> Needs(ReadOnlyMemory<byte> body, IReadOnlyList<string>? stackFolders = null)
    {
        var needed = new SortedSet<string>(Permissions, StringComparer.Ordinal);
        if (Rule.Path == "/images/create" && DockerQuery.Value(Query, "fromSrc").Length > 0)
        {
            needed.Add(PermissionNames.ImagesLoad);
        }

        if (Rule.Path == "/build" && DockerHostAccess.IsAskedByBuild(Query))
        {
            needed.Add(PermissionNames.ContainersHostAccess);
        }

        if (Rule.Body == DockerBody.Checked)
        {
            needed.UnionWith(DockerHostAccess.NeededBy(Rule, body, stackFolders ?? []));
        }

        return [.. needed];
    }
}
