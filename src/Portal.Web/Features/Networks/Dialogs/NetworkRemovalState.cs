namespace Portal.Web.Features.Networks.Dialogs;

/// <summary>How a removal stands.</summary>
public enum NetworkRemovalState
{
    Waiting = 0,
    Running,
    Removed,
    Failed,
}
