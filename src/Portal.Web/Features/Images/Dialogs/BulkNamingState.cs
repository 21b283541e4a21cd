namespace Portal.Web.Features.Images.Dialogs;

/// <summary>How one of several names stands.</summary>
public enum BulkNamingState
{
    Waiting = 0,
    Running,

    /// <summary>It has the name; a push of it may still run.</summary>
    Done,
    Failed,
}
