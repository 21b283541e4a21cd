using Portal.Engine.Errors;

namespace Portal.Engine.Containers.Processes;

/// <summary>The host's own <c>ps</c> (ps(1)), for columns that only it knows.</summary>
public interface IProcessLister
{
    /// <summary>Runs it to its end.</summary>
    /// <param name="arguments">Its arguments, each by itself: no shell sees them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What it printed.</returns>
    /// <exception cref="EngineException">InvalidArgument: in its own words. Unavailable: this host has none.</exception>
    Task<string> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken = default);
}
