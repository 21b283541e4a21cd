namespace Portal.Engine.Hosting;

/// <summary>
/// The engine as a whole. <see cref="StartAsync"/> brings state and kernel in line before anything else is served: networks, mounts,
/// containers that ended meanwhile, restart policies, half-made things. <see cref="StopAsync"/> lets go without ending any container.
/// </summary>
public interface IEngine
{
    /// <summary>Where and under which name it runs.</summary>
    EngineOptions Options { get; }

    /// <summary>Reconciles and begins to watch. Must have ended before any other member of the engine is used.</summary>
    Task StartAsync(CancellationToken cancellationToken = default);

    /// <summary>Stops watching; containers run on.</summary>
    /// <param name="cancellationToken">
    /// When the time is up: nothing is waited for any more. That is no failure, since an engine may be killed at any instruction.
    /// </param>
    Task StopAsync(CancellationToken cancellationToken = default);
}
