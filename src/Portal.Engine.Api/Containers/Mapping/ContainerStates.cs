using Portal.Engine.Api.Containers.Models;
using Portal.Engine.Api.Containers.Models.Health;
using Portal.Engine.Api.Routing;
using Portal.Engine.Containers;
using Portal.Engine.Containers.Health;

namespace Portal.Engine.Api.Containers.Mapping;

/// <summary>States in Docker's words.</summary>
internal static class ContainerStates
{
    /// <summary>Docker's word, which is also what the <c>status</c> filter takes.</summary>
    public static string Word(ContainerState state) => state switch
    {
        ContainerState.Created => "created",
        ContainerState.Running => "running",
        ContainerState.Paused => "paused",
        ContainerState.Restarting => "restarting",
        ContainerState.Exited => "exited",
        ContainerState.Removing => "removing",
        ContainerState.Dead => "dead",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "unknown state"),
    };

    /// <summary>The sentence that <c>docker ps</c> shows.</summary>
    public static string Sentence(ContainerInfo container, DateTimeOffset now)
    {
        return container.State switch
        {
            ContainerState.Running => $"Up {Since(container.StartedAt, now)}{Health(container)}",
            ContainerState.Paused => $"Up {Since(container.StartedAt, now)} (Paused)",
            ContainerState.Restarting => $"Restarting ({container.ExitCode}) {Since(container.FinishedAt, now)} ago",
            ContainerState.Exited => $"Exited ({container.ExitCode}) {Since(container.FinishedAt, now)} ago",
            ContainerState.Removing => "Removal In Progress",
            ContainerState.Dead => "Dead",
            _ => "Created",
        };
    }

    public static ContainerStateModel Model(ContainerInfo container)
    {
        return new ContainerStateModel
        {
            Status = Word(container.State),
            Running = container.State is ContainerState.Running or ContainerState.Paused or ContainerState.Restarting,
            Paused = container.State == ContainerState.Paused,
            Restarting = container.State == ContainerState.Restarting,
            OOMKilled = container.OutOfMemory,
            Dead = container.State == ContainerState.Dead,
            Pid = container.ProcessId,
            ExitCode = container.ExitCode,
            Error = container.Error,
            StartedAt = GoTime.Format(container.StartedAt),
            FinishedAt = GoTime.Format(container.FinishedAt),
            Health = HealthModel.From(container.Health),
        };
    }

    private static string Health(ContainerInfo container) => container.Health?.Status switch
    {
        null => "",
        HealthStatus.Starting => " (health: starting)",
        _ => $" ({HealthModel.Word(container.Health)})",
    };

    private static string Since(DateTimeOffset? time, DateTimeOffset now)
    {
        return HumanDuration.Format(time is { } value && now > value ? now - value : TimeSpan.Zero);
    }
}
