using System.Collections.Frozen;
using Portal.Engine.Errors;

namespace Portal.Engine.Containers.States;

/// <summary>The table of legal steps. Whatever is not in it is refused.</summary>
internal static class ContainerSteps
{
    private static readonly FrozenDictionary<(ContainerState From, ContainerStep Step), ContainerState> s_table =
        new Dictionary<(ContainerState, ContainerStep), ContainerState>
        {
            [(ContainerState.Created, ContainerStep.Start)] = ContainerState.Running,
            [(ContainerState.Created, ContainerStep.Remove)] = ContainerState.Removing,

            [(ContainerState.Running, ContainerStep.Pause)] = ContainerState.Paused,
            [(ContainerState.Running, ContainerStep.End)] = ContainerState.Exited,
            [(ContainerState.Running, ContainerStep.BackOff)] = ContainerState.Restarting,

            [(ContainerState.Paused, ContainerStep.Unpause)] = ContainerState.Running,
            [(ContainerState.Paused, ContainerStep.End)] = ContainerState.Exited,
            [(ContainerState.Paused, ContainerStep.BackOff)] = ContainerState.Restarting,

            [(ContainerState.Restarting, ContainerStep.Start)] = ContainerState.Running,
            [(ContainerState.Restarting, ContainerStep.End)] = ContainerState.Exited,
            [(ContainerState.Restarting, ContainerStep.BackOff)] = ContainerState.Restarting,

            [(ContainerState.Exited, ContainerStep.Start)] = ContainerState.Running,
            [(ContainerState.Exited, ContainerStep.BackOff)] = ContainerState.Restarting,
            [(ContainerState.Exited, ContainerStep.Remove)] = ContainerState.Removing,

            [(ContainerState.Removing, ContainerStep.Remove)] = ContainerState.Removing,
            [(ContainerState.Removing, ContainerStep.Bury)] = ContainerState.Dead,

            [(ContainerState.Dead, ContainerStep.Remove)] = ContainerState.Removing,
        }.ToFrozenDictionary();

    public static bool IsLegal(ContainerState from, ContainerStep step) => s_table.ContainsKey((from, step));

    /// <summary>The state after the step.</summary>
    /// <exception cref="EngineException">Conflict: the step is not legal; in Docker's words where Docker has some.</exception>
    public static ContainerState Take(string containerId, ContainerState from, ContainerStep step)
    {
        return s_table.TryGetValue((from, step), out var to)
            ? to
            : throw EngineException.Conflict(Refusal(containerId, from, step));
    }

    private static string Refusal(string id, ContainerState from, ContainerStep step)
    {
        return (from, step) switch
        {
            (ContainerState.Paused, ContainerStep.Start) => "cannot start a paused container, try unpause instead",
            (ContainerState.Removing or ContainerState.Dead, ContainerStep.Start) =>
                "container is marked for removal and cannot be started",
            (ContainerState.Paused, ContainerStep.Pause) => $"container {id} is already paused",
            (ContainerState.Restarting, ContainerStep.Pause) =>
                $"container {id} is restarting, wait until the container is running",
            (_, ContainerStep.Pause) => $"container {id} is not running",
            (_, ContainerStep.Unpause) => $"Container {id} is not paused",
            (ContainerState.Running or ContainerState.Restarting, ContainerStep.Remove) =>
                $"container is {Word(from)}: stop the container before removing or force remove",
            (ContainerState.Paused, ContainerStep.Remove) => "container is paused and must be unpaused first",
            _ => $"container {id} is {Word(from)}; it can't take the step '{step}' from there",
        };
    }

    private static string Word(ContainerState state) => state.ToString().ToLowerInvariant();
}
