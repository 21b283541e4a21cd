using Portal.Contracts.Hubs;

namespace Portal.Web.Components.Shared;

/// <summary>What a container's state means for whoever looks.</summary>
public static class ContainerTone
{
    /// <summary>The colour for a container's badge.</summary>
    public static StatusTone Of(ContainerView container) => container.State switch
    {
        "running" when container.Health == "unhealthy" => StatusTone.Bad,
        "running" => StatusTone.Good,
        "restarting" => StatusTone.Warning,
        "paused" => StatusTone.Warning,
        "removing" => StatusTone.Busy,
        "dead" => StatusTone.Bad,
        "exited" when IsFailure(container) => StatusTone.Bad,
        _ => StatusTone.Neutral,
    };

    /// <summary>The word for it, with the exit code where that tells more.</summary>
    public static string TextOf(ContainerView container) => container switch
    {
        { State: "exited", ExitCode: not 0 } => T("exited ({0})", container.ExitCode),
        { State: "running", Health: "unhealthy" } => T("unhealthy"),
        _ => OfState(container.State),
    };

    /// <summary>The word for a state of Docker's API; one that is not known stays as it is.</summary>
    public static string OfState(string state) => state switch
    {
        "created" => T("created"),
        "running" => T("running"),
        "paused" => T("paused"),
        "restarting" => T("restarting"),
        "removing" => T("removing"),
        "exited" => T("exited"),
        "dead" => T("dead"),
        _ => state,
    };

    /// <summary>
    /// True for one that ended as it should not have: not with 0, nor by a signal to stop (128 + SIGINT, SIGKILL or
    /// SIGTERM).
    /// </summary>
    public static bool IsFailure(ContainerView container) =>
        container.OutOfMemory || container.Error.Length > 0 || (container.State == "exited" && container.ExitCode is not (0 or 130 or 137 or 143));
}
