namespace Portal.Engine.Runtime;

/// <summary>Programs on the host itself, outside all containers, each with a terminal: for administrators.</summary>
public interface IHostShells
{
    /// <summary>Starts one.</summary>
    /// <exception cref="Errors.EngineException">InvalidArgument: there is no such program, user or folder.</exception>
    Task<IHostShell> StartAsync(HostShellRequest request, CancellationToken cancellationToken = default);
}
