using Portal.Engine.Runtime;

namespace Portal.Engine.Containers;

/// <summary>
/// The containers of this engine and their life: what Docker users know as <c>create</c>, <c>start</c>, <c>stop</c>, <c>rm</c> and so on.
/// </summary>
/// <remarks>
/// <para>
/// Wherever a <c>container</c> is taken, a full id, a name, or a unique prefix of an id is understood, in this order.
/// States and legal steps are the table <see cref="ContainerState"/> documents; an illegal step throws a Conflict that names both.
/// </para>
/// <para>
/// What a container is and what state it shall be in is on disk before a call returns. At start the engine reconciles that
/// with what runs: a container that ended meanwhile gets its exit code, one whose policy says so is started again.
/// </para>
/// <para>All members may be called at the same time from any thread; steps on one container happen one after another.</para>
/// </remarks>
public interface IContainers
{
    /// <summary>Makes a container. Nothing of it runs yet.</summary>
    /// <exception cref="Errors.EngineException">
    /// NotFound: no such image. Conflict: the name is in use (Docker's words). InvalidArgument: every problem of
    /// the request, at once.
    /// </exception>
    Task<ContainerCreated> CreateAsync(ContainerSpec spec, CancellationToken cancellationToken = default);

    /// <summary>Containers, newest first.</summary>
    /// <param name="all">False for running ones alone.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task<IReadOnlyList<ContainerInfo>> ListAsync(bool all = true, CancellationToken cancellationToken = default);

    /// <summary>One container.</summary>
    /// <exception cref="Errors.EngineException">NotFound. InvalidArgument: several ids begin so.</exception>
    Task<ContainerInfo> InspectAsync(string container, CancellationToken cancellationToken = default);

    /// <summary>Starts it.</summary>
    /// <returns>False when it ran already.</returns>
    /// <exception cref="Errors.EngineException">
    /// InvalidArgument: no such program in the image and the like, in the runtime's words. Conflict: a port is in
    /// use. In each case the container stays as it was.
    /// </exception>
    Task<bool> StartAsync(string container, CancellationToken cancellationToken = default);

    /// <summary>Asks it to end with its stop signal, and kills it when the grace period is over.</summary>
    /// <param name="container">Which.</param>
    /// <param name="grace">The grace period; null for the container's own (10 s by default); negative for ever.</param>
    /// <param name="signal">The signal instead of the container's own, by name or number.</param>
    /// <param name="cancellationToken">Stops waiting; the signal has been sent.</param>
    /// <returns>False when it did not run.</returns>
    Task<bool> StopAsync(string container, TimeSpan? grace = null, string? signal = null, CancellationToken cancellationToken = default);

    /// <summary>Stops it if it runs, and starts it.</summary>
    Task RestartAsync(string container, TimeSpan? grace = null, string? signal = null, CancellationToken cancellationToken = default);

    /// <summary>Sends a signal, <c>SIGKILL</c> by default.</summary>
    /// <exception cref="Errors.EngineException">Conflict: it does not run. InvalidArgument: no such signal.</exception>
    Task KillAsync(string container, string? signal = null, CancellationToken cancellationToken = default);

    /// <summary>Freezes its processes.</summary>
    Task PauseAsync(string container, CancellationToken cancellationToken = default);

    /// <summary>Thaws its processes.</summary>
    Task UnpauseAsync(string container, CancellationToken cancellationToken = default);

    /// <summary>Gives it another name.</summary>
    Task RenameAsync(string container, string newName, CancellationToken cancellationToken = default);

    /// <summary>Removes it with its writable layer, logs and anonymous volumes.</summary>
    /// <param name="container">Which.</param>
    /// <param name="force">Kill it first when it runs; otherwise that is a Conflict.</param>
    /// <param name="removeVolumes">Remove its anonymous volumes too.</param>
    /// <param name="cancellationToken">Checked before anything is removed.</param>
    Task RemoveAsync(string container, bool force = false, bool removeVolumes = false, CancellationToken cancellationToken = default);

    /// <summary>Waits until the condition holds.</summary>
    /// <returns>The exit code.</returns>
    Task<int> WaitAsync(
        string container,
        WaitCondition condition = WaitCondition.NotRunning,
        CancellationToken cancellationToken = default);

    /// <summary>Connects to the standard streams of its main process, also before it is started: then from its first byte.</summary>
    Task<IProcessStreams> AttachAsync(string container, CancellationToken cancellationToken = default);

    /// <summary>Changes the size of its terminal.</summary>
    Task ResizeAsync(string container, TerminalSize size, CancellationToken cancellationToken = default);

    /// <summary>Its processes, as <c>ps</c> prints them.</summary>
    Task<IReadOnlyList<ContainerProcess>> ListProcessesAsync(string container, CancellationToken cancellationToken = default);
}
