using Portal.Engine.Runtime;

namespace Portal.Engine.Containers;

/// <summary>Additional processes in running containers (Docker's <c>exec</c>). An exec is described first and started once.</summary>
public interface IExecs
{
    /// <summary>Describes an exec.</summary>
    /// <returns>Its id, 64 hexadecimal digits.</returns>
    /// <exception cref="Errors.EngineException">
    /// NotFound: no such container. Conflict: it does not run, or is paused. InvalidArgument: no command.
    /// </exception>
    Task<string> CreateAsync(string container, ExecSpec spec, CancellationToken cancellationToken = default);

    /// <summary>Starts it.</summary>
    /// <param name="execId">Its id.</param>
    /// <param name="detach">True to leave it alone: then null is returned.</param>
    /// <param name="size">The terminal's first size.</param>
    /// <param name="starting">
    /// Called when nothing more stands against the start and the program has not begun: what is said to a client here comes before all output.
    /// </param>
    /// <param name="cancellationToken">Cancels the start.</param>
    Task<IProcessStreams?> StartAsync(
        string execId,
        bool detach = false,
        TerminalSize? size = null,
        Func<Task>? starting = null,
        CancellationToken cancellationToken = default);

    /// <summary>Changes the size of its terminal.</summary>
    Task ResizeAsync(string execId, TerminalSize size, CancellationToken cancellationToken = default);

    /// <summary>How it stands. Kept for some minutes after its end.</summary>
    Task<ExecInfo> InspectAsync(string execId, CancellationToken cancellationToken = default);

    /// <summary>The execs that run in a container now, the engine's own (probes of its health) excepted.</summary>
    /// <param name="containerId">Its full id.</param>
    IReadOnlyList<string> ListRunning(string containerId) => [];

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    Task<int> WaitAsync(string execId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes over an exec that an earlier engine started with <see cref="ExecSpec.KeepOutput"/>. From then on it is like one of this engine's: it can be
    /// inspected, waited for, resized and signalled.
    /// </summary>
    /// <param name="containerId">The container's full id.</param>
    /// <param name="execId">Its id.</param>
    /// <param name="cancellationToken">Cancels the connecting.</param>
    /// <returns>Null when it is gone: it ended with its container.</returns>
    Task<TakenExec?> TakeOverAsync(string containerId, string execId, CancellationToken cancellationToken = default);

    /// <summary>Execs of an earlier engine that nobody has taken over.</summary>
    IReadOnlyList<(string ContainerId, string ExecId)> ListLeft();

    /// <summary>Sends a signal to its process. Does nothing when it has ended.</summary>
    Task KillAsync(string execId, int signal, CancellationToken cancellationToken = default);
}
