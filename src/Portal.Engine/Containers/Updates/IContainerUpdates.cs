using Portal.Engine.Errors;

namespace Portal.Engine.Containers.Updates;

/// <summary>Changes limits and restart policies of containers while they run, and while they do not (<c>docker update</c>).</summary>
public interface IContainerUpdates
{
    /// <summary>Makes the change: of all that is asked for, or of nothing.</summary>
    /// <returns>Warnings: what was asked for and does not work on this host.</returns>
    /// <exception cref="EngineException">
    /// NotFound. InvalidArgument: every problem of the request. Conflict: it does not go with what is set, or the
    /// kernel refuses it, such as a
    /// memory limit below what is in use.
    /// </exception>
    Task<IReadOnlyList<string>> UpdateAsync(string container, ContainerUpdate update, CancellationToken cancellationToken = default);
}
