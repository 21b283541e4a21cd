namespace Portal.Engine.Runtime;

/// <summary>
/// Runs containers' processes through an OCI runtime (runc, crun) under a monitor that outlives the engine.
/// </summary>
/// <remarks>
/// <para>
/// The monitor (conmon) holds the process's standard streams, writes its log, waits for it and writes down its exit code. So the
/// engine may be stopped, killed or replaced at any time: the container runs on, and the next engine finds the log, the attach socket
/// and, if it has ended, the exit code.
/// </para>
/// <para>
/// The steps are <see cref="CreateAsync"/> (namespaces, cgroup and init process exist, the user's program does not run yet),
/// <see cref="StartAsync"/>, then the end, which <see cref="WatchExitsAsync"/> reports, then <see cref="DeleteAsync"/>. Exec adds processes
/// to a container that runs. Ids are the container's full id, exec ids are 64 hexadecimal digits.
/// </para>
/// <para>
/// Every member may be called from any thread; calls for one container must not overlap, except reads, attaches, execs and resizes.
/// </para>
/// </remarks>
public interface IContainerRuntime
{
    /// <summary>The runtime that was chosen, and its version, for <c>info</c>.</summary>
    Task<RuntimeInfo> GetInfoAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Tells that <see cref="CreateAsync"/> or <see cref="ExecAsync"/> will be called in a moment, so that what takes time and depends on
    /// nothing may begin. Returns at once. Nothing is lost when it is not called, or when no call follows.
    /// </summary>
    void Anticipate()
    {
    }

    /// <summary>
    /// Tells that <see cref="CreateAsync"/> will be called for this container in a moment, so that its monitor may be started, which waits
    /// then. Returns at once. Nothing is lost when it is not called. Whoever calls it calls <see cref="CreateAsync"/> or
    /// <see cref="DeleteAsync"/> next.
    /// </summary>
    void Expect(RuntimeExpectation expected)
    {
    }

    /// <summary>
    /// Writes the bundle, starts the monitor and lets the runtime make the container, all but running its program.
    /// </summary>
    /// <returns>The process id of the container's init process, in the host's numbers.</returns>
    /// <exception cref="Errors.EngineException">InvalidArgument: the program is not there or not executable, the user
    /// is unknown, ... with the runtime's own words, so that clients see what they know from Docker. Internal: the
    /// runtime failed otherwise. Nothing of the container is left in the kernel.</exception>
    Task<int> CreateAsync(RuntimeContainer container, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends all processes of a container and waits until they and what watches them are gone, so that nothing uses its root and its network
    /// any more. <see cref="DeleteAsync"/> does that too; after this the rest may be done side by side.
    /// </summary>
    /// <exception cref="Errors.EngineException">Unavailable: processes don't end.</exception>
    Task EndAsync(string containerId, CancellationToken cancellationToken = default) => Task.CompletedTask;

    /// <summary>Lets the program run.</summary>
    Task StartAsync(string containerId, CancellationToken cancellationToken = default);

    /// <summary>Sends a signal to the init process. Does nothing when it has ended.</summary>
    Task KillAsync(string containerId, int signal, CancellationToken cancellationToken = default);

    /// <summary>Freezes all processes.</summary>
    Task PauseAsync(string containerId, CancellationToken cancellationToken = default);

    /// <summary>Thaws them.</summary>
    Task ResumeAsync(string containerId, CancellationToken cancellationToken = default);

    /// <summary>Changes the limits of a container that runs.</summary>
    /// <param name="containerId">Which.</param>
    /// <param name="resources">All limits, also those that stay.</param>
    /// <param name="cancellationToken">Checked before anything is changed.</param>
    /// <exception cref="Errors.EngineException">Conflict: the kernel refuses one, in the runtime's words; others may
    /// have been set.</exception>
    Task UpdateAsync(string containerId, RuntimeResources resources, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes what the runtime keeps: kills whatever is left, removes cgroup, bundle and sockets. Idempotent. Log
    /// files stay.
    /// </summary>
    Task DeleteAsync(string containerId, CancellationToken cancellationToken = default);

    /// <summary>What is true of the container in the kernel now.</summary>
    Task<RuntimeStatus> GetStatusAsync(string containerId, CancellationToken cancellationToken = default);

    /// <summary>Connects to the standard streams of the container's main process. Any number may be connected at once.</summary>
    Task<IProcessStreams> AttachAsync(string containerId, CancellationToken cancellationToken = default);

    /// <summary>Changes the size of the main process's terminal.</summary>
    Task ResizeAsync(string containerId, TerminalSize size, CancellationToken cancellationToken = default);

    /// <summary>Starts one more process in a running container and connects to its streams.</summary>
    /// <returns>The process and its streams; the streams are null when <see cref="RuntimeExec.Detach"/> is set.</returns>
    /// <exception cref="Errors.EngineException">InvalidArgument: no such program in the container, not executable,
    /// unknown user: in the runtime's words.</exception>
    Task<RuntimeExecProcess> ExecAsync(RuntimeExec exec, CancellationToken cancellationToken = default);

    /// <summary>Changes the size of an exec's terminal.</summary>
    Task ResizeExecAsync(string containerId, string execId, TerminalSize size, CancellationToken cancellationToken = default);

    /// <summary>Connects to an exec that was started with <see cref="RuntimeExec.KeepOutput"/>, by this engine or an earlier one. One connection at a time.</summary>
    /// <returns>Null when there is no such exec: it has ended with its container, or its output was not kept.</returns>
    Task<TakenExec?> TakeOverExecAsync(string containerId, string execId, CancellationToken cancellationToken = default);

    /// <summary>All execs whose output is kept: those that run, and those that have ended and were not deleted.</summary>
    IReadOnlyList<(string ContainerId, string ExecId)> ListKeptExecs();

    /// <summary>Removes what is kept of an exec that has ended. Idempotent.</summary>
    Task DeleteExecAsync(string containerId, string execId, CancellationToken cancellationToken = default);

    /// <summary>Tells the monitor to open the container's log file anew, after it was renamed.</summary>
    Task ReopenLogAsync(string containerId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Every end of a container's or an exec's process: first those that are written down already (also from before this engine's
    /// start), then each as it comes. A container's exit is reported again at every start until <see cref="DeleteAsync"/>.
    /// </summary>
    IAsyncEnumerable<ProcessExit> WatchExitsAsync(CancellationToken cancellationToken = default);

    /// <summary>Processes of the container, in the host's numbers.</summary>
    Task<IReadOnlyList<int>> ListProcessesAsync(string containerId, CancellationToken cancellationToken = default);

    /// <summary>Removes bundles, cgroups and monitors' remains of containers that are not among the given ones.</summary>
    Task CollectAsync(IReadOnlySet<string> knownContainerIds, CancellationToken cancellationToken = default);
}
