namespace Portal.Testing.Survival;

/// <summary>An engine that <see cref="KillRounds"/> kills and starts again, however it is reached.</summary>
public interface IKillableEngine
{
    InstancePlaces Places { get; }

    /// <summary>Makes a container of busybox; does not start it.</summary>
    /// <returns>Its id.</returns>
    Task<string> CreateAsync(string script);

    Task StartAsync(string id);

    Task StopAsync(string id);

    /// <summary>Removes a container, whether it runs or not.</summary>
    Task RemoveAsync(string id);

    /// <summary>All containers, as the engine lists them.</summary>
    Task<IReadOnlyList<SeenContainer>> ListAsync();

    Task<SeenContainer> InspectAsync(string id);

    /// <summary>True when the engine says that there is no such container.</summary>
    Task<bool> IsUnknownAsync(string id);

    /// <summary>All of a container's log.</summary>
    Task<string> LogAsync(string id);

    /// <summary>Runs a shell script in a container.</summary>
    /// <returns>The exit code.</returns>
    Task<int> ExecAsync(string id, string script);

    /// <summary>Has the engine begin all steps at once, kills it with SIGKILL after a time, and starts the next one.</summary>
    Task KillDuringAsync(IReadOnlyList<KillStep> steps, TimeSpan after);
}
