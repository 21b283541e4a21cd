namespace Portal.Web.Features.Updates.Containers;

/// <summary>How the update of a container stands.</summary>
public enum ContainerUpdateState
{
    Working,

    /// <summary>The new one runs, or the registry had nothing newer.</summary>
    Succeeded,

    /// <summary>The new one did not run, or was not healthy: the old one is there as before.</summary>
    WentBack,

    /// <summary>It could not begin: nothing was changed.</summary>
    Failed,
}
