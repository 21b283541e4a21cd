using Portal.Engine.Errors;
using Portal.Engine.Linux.Cgroups;

namespace Portal.Engine.Linux.Runtime.Invoking;

/// <summary>
/// Runs OCI runtimes: crun from a copy in memory (<see cref="SealedPrograms"/>), and where a version 2 tree is mounted beside cgroup version 1
/// without sight of it (<see cref="CgroupView"/>).
/// </summary>
/// <remarks>One for the whole process; any thread.</remarks>
internal sealed class Invocations(SealedPrograms programs, CgroupTree cgroups)
{
    private const string Enter = "nsenter";

    /// <exception cref="EngineException">Unavailable: this host lacks what it takes to run it.</exception>
    /// <exception cref="IOException">The kernel does not let us.</exception>
    public Invocation Of(OciRuntime runtime)
    {
        var program = programs.PathOf(runtime.Path);
        if (!runtime.IsCrun || cgroups.UnifiedBesideVersion1 is not { } unified)
        {
            return new Invocation(program, [], null);
        }

        var enter = Programs.Find(Enter) ?? throw new EngineException(
            EngineErrorKind.Unavailable, $"The program '{Enter}' is not on this host. Install the package 'util-linux'.");
        var view = new CgroupView(unified);
        return new Invocation(enter, [$"--mount={view.Path}", program], view);
    }

    /// <summary>Runs a runtime's command to its end. When cancelled, it is killed.</summary>
    public async Task<CommandResult> RunAsync(OciRuntime runtime, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var invocation = Of(runtime);
        invocation.Ready();
        return await Command.RunAsync(invocation.Program, [.. invocation.Prefix, .. arguments], cancellationToken).ConfigureAwait(false);
    }
}
