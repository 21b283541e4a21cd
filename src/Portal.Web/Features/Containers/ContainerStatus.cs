using Portal.Contracts.Hubs;
using Portal.Web.Components.Shared;

namespace Portal.Web.Features.Containers;

/// <summary>How a container's state is shown, and what it allows.</summary>
internal static class ContainerStatus
{
    public static StatusTone Tone(ContainerView container) => container.State switch
    {
        "running" when container.Health is "unhealthy" => StatusTone.Bad,
        "running" when container.Health is "starting" => StatusTone.Busy,
        "running" => StatusTone.Good,
        "paused" => StatusTone.Warning,
        "restarting" => StatusTone.Bad,
        "removing" => StatusTone.Busy,
        "dead" => StatusTone.Bad,
        "exited" when Failed(container) => StatusTone.Bad,
        _ => StatusTone.Neutral,
    };

    public static string Text(ContainerView container) => container.State switch
    {
        "exited" when container.OutOfMemory => T("out of memory"),
        "exited" => T("exited ({0})", container.ExitCode),
        "running" when container.Health is "starting" => T("running (health: starting)"),
        "running" when container.Health.Length > 0 => T("running ({0})", HealthOf(container.Health)),
        _ => ContainerTone.OfState(container.State),
    };

    private static string HealthOf(string health) => health switch
    {
        "healthy" => T("healthy"),
        "unhealthy" => T("unhealthy"),
        _ => health,
    };

    public static bool CanStart(ContainerView container) => container.State is "created" or "exited";

    public static bool CanStop(ContainerView container) => container.State is "running" or "paused" or "restarting";

    public static bool CanPause(ContainerView container) => container.State is "running";

    public static bool CanUnpause(ContainerView container) => container.State is "paused";

    /// <summary>It has processes, though they may be paused.</summary>
    public static bool IsAlive(ContainerView container) => container.State is "running" or "paused";

    public static bool IsRunning(ContainerView container) => container.State is "running";

    // 137 and 143 are what a kill or a stop that a person asked for leaves behind.
    private static bool Failed(ContainerView container) =>
        container.Error.Length > 0 || container.OutOfMemory || container.ExitCode is not (0 or 137 or 143);
}
