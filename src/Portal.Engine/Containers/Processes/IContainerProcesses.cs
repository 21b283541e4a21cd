using Portal.Engine.Errors;

namespace Portal.Engine.Containers.Processes;

/// <summary>Processes of containers with the columns that somebody wants (<c>docker top CONTAINER [ps OPTIONS]</c>).</summary>
public interface IContainerProcesses
{
    /// <summary>Reads them now.</summary>
    /// <param name="container">Which.</param>
    /// <param name="arguments">Arguments for <c>ps</c>, separated by white space.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="EngineException">
    /// NotFound; Conflict: it does not run; InvalidArgument: <c>ps</c> does not take the arguments, or does not print
    /// a column PID with them.
    /// </exception>
    Task<ProcessTable> ReadAsync(string container, string arguments, CancellationToken cancellationToken = default);
}
