using System.Text.Json;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Runtime.Invoking;

namespace Portal.Engine.Linux.Runtime;

/// <summary>The OCI runtime's commands besides those that the monitor calls.</summary>
internal sealed class OciCommands(RuntimeSelector selector, Invocations invocations, RuntimeLayout layout)
{
    private static readonly TimeSpan s_startPatience = TimeSpan.FromSeconds(60);

    public async Task StartAsync(string id, CancellationToken cancellationToken)
    {
        var folder = layout.Container(id);
        var runtime = await RuntimeOfAsync(id, cancellationToken).ConfigureAwait(false);
        if (folder.ReadPid() is { } processId && Open(runtime, folder, id, processId) is { } isThrough)
        {
            if (!isThrough)
            {
                throw RuntimeFailure.OfStart(RuntimeFailure.FindWords(folder.RuntimeLog, "container process is already dead"));
            }

            return;
        }

        var result = await RunAsync(id, ["start", id], cancellationToken).ConfigureAwait(false);
        if (result.ExitCode != 0)
        {
            throw RuntimeFailure.OfStart(RuntimeFailure.FindWords(null, result.Error));
        }
    }

    /// <summary><c>pause</c> or <c>resume</c>.</summary>
    public async Task ChangeAsync(string step, string id, CancellationToken cancellationToken)
    {
        var result = await RunAsync(id, [step, id], cancellationToken).ConfigureAwait(false);
        if (result.ExitCode != 0)
        {
            throw RuntimeFailure.Of(step, RuntimeFailure.FindWords(null, result.Error));
        }
    }

    /// <summary>Changes limits, which are in a file (<c>linux.resources</c> of the specification).</summary>
    public async Task UpdateAsync(string id, string resourcesPath, CancellationToken cancellationToken)
    {
        var result = await RunAsync(id, ["update", "--resources", resourcesPath, id], cancellationToken).ConfigureAwait(false);
        if (result.ExitCode != 0)
        {
            throw EngineException.Conflict(RuntimeFailure.FindWords(null, result.Error));
        }
    }

    /// <summary>
    /// Removes what the runtime keeps of a container, whose processes have ended. Does nothing when it keeps nothing.
    /// </summary>
    public async Task DeleteAsync(string id)
    {
        var folder = layout.StateOf(id);
        if (!Directory.Exists(folder))
        {
            return;
        }

        // The runtime's own command would remove the folder, and the cgroups, which its caller does; and run hooks, if there are some.
        if (layout.Container(id).ReadRecord() is { HasHooks: false }
            && (await RuntimeOfAsync(id, CancellationToken.None).ConfigureAwait(false)).KeepsOnlyFiles)
        {
            Directory.Delete(folder, recursive: true);
            return;
        }

        var result = await RunAsync(id, ["delete", "--force", id], CancellationToken.None).ConfigureAwait(false);
        if (result.ExitCode != 0 && Directory.Exists(folder))
        {
            // The runtime was killed while it wrote its state, and can't read it now. Processes and cgroups are
            // removed without it.
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>
    /// The runtime's word for the container's state: <c>created</c>, <c>running</c>, ...; empty when it knows nothing
    /// of it.
    /// </summary>
    public async Task<string> ReadStateAsync(string id, CancellationToken cancellationToken)
    {
        var result = await RunAsync(id, ["state", id], cancellationToken).ConfigureAwait(false);
        if (result.ExitCode != 0)
        {
            return "";
        }

        using var document = JsonDocument.Parse(result.Output);
        var word = document.RootElement.TryGetProperty("status", out var status) ? status.GetString() ?? "" : "";
        return word == "created" && await HasBegunAsync(id, cancellationToken).ConfigureAwait(false) ? "running" : word;
    }

    // crun's own command runs hooks that follow a start, which runc does as part of the creation.
    private bool? Open(OciRuntime runtime, ProcessFolder folder, string id, int processId) =>
        runtime.IsRunc || (runtime.IsCrun && folder.ReadRecord() is { HasHooks: false })
            ? StartGate.Open(layout.StateOf(id), processId, runtime.IsCrun, s_startPatience)
            : null;

    // Whoever opened the gate may have been killed before removing it, which makes the runtime say "created" of a container that runs.
    private async Task<bool> HasBegunAsync(string id, CancellationToken cancellationToken) =>
        layout.Container(id).ReadPid() is { } processId
        && await RuntimeOfAsync(id, cancellationToken).ConfigureAwait(false) is { KeepsOnlyFiles: true } runtime
        && !StartGate.IsWaiting(processId, runtime.IsCrun);

    private ValueTask<OciRuntime> RuntimeOfAsync(string id, CancellationToken cancellationToken) =>
        selector.OfAsync(id, layout.Container(id).ReadRecord(), cancellationToken);

    private async Task<CommandResult> RunAsync(string id, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var runtime = await RuntimeOfAsync(id, cancellationToken).ConfigureAwait(false);
        return await invocations.RunAsync(runtime, ["--root", layout.State, .. arguments], cancellationToken).ConfigureAwait(false);
    }
}
