namespace Portal.Engine.Hosts;

/// <summary>What is true of the machine that the engine runs on, for <c>info</c>, <c>version</c> and the dashboard.</summary>
public interface IHostFacts
{
    /// <summary>Reads the facts. What can't change while the process lives is read once.</summary>
    Task<HostFacts> ReadAsync(CancellationToken cancellationToken = default);
}
