namespace Portal.Web.Features.Images.Dialogs;

/// <summary>How a removal stands.</summary>
public enum RemovalState
{
    Waiting = 0,
    Running,
    Removed,

    /// <summary>Something stands against it.</summary>
    Conflict,
    Failed,
}
