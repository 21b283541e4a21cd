namespace Portal.Engine.Runtime.Namespaces;

/// <summary>
/// User namespaces (user_namespaces(7)) that outlive the process which made them, held under <c>RunRoot/userns/ID</c>. A container whose
/// ids are mapped has one from before its network until its end; containers that join its other namespaces are in it too.
/// </summary>
public interface IUserNamespaces
{
    /// <summary>Makes a container's namespace, unless it is there.</summary>
    /// <param name="id">The container's full id.</param>
    /// <param name="mapping">Its ids on the host; the same at each call for a container.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>A path for setns(2).</returns>
    /// <exception cref="Errors.EngineException">Unavailable: this host can't make user namespaces, or refuses the mapping.</exception>
    Task<string> EnsureAsync(string id, IdMapping mapping, CancellationToken cancellationToken = default);

    /// <summary>The path of a namespace that is there, or null.</summary>
    string? Find(string id);
}
