namespace Portal.Web.Features.Builds.Running;

/// <summary>How a build stands.</summary>
public enum BuildState
{
    /// <summary>The browser has yet to send the context.</summary>
    Waiting = 0,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>There is an image.</summary>
    Succeeded,

    /// <summary>There is none; the failure says why.</summary>
    Failed,

    /// <summary>Somebody stopped it.</summary>
    Cancelled,

    /// <summary>The portal that ran it ended before it did.</summary>
    Interrupted,
}
