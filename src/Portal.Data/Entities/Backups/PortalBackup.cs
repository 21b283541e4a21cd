namespace Portal.Data.Entities.Backups;

/// <summary>A backup of the portal that was made, or tried.</summary>
public sealed class PortalBackup
{
    public Guid Id { get; set; }

    public Guid DestinationId { get; set; }

    /// <summary>Its name at the destination.</summary>
    public string Name { get; set; } = "";

    /// <summary>Who asked for it, or which job.</summary>
    public string ActorName { get; set; } = "";

    /// <summary>The portal's host that made it; a folder's backups are there.</summary>
    public string Host { get; set; } = "";

    /// <summary><c>Running</c>, <c>Succeeded</c> or <c>Failed</c>.</summary>
    public string State { get; set; } = "";

    /// <summary>Why it failed, for people.</summary>
    public string Message { get; set; } = "";

    /// <summary>How many there are so far.</summary>
    public long Bytes { get; set; }

    /// <summary>SHA-256 of it, in hexadecimal digits.</summary>
    public string Digest { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>Until when the portal that makes or checks it has to tell that it still does.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>Empty, <c>Running</c>, <c>Passed</c> or <c>Failed</c>: whether it was restored on trial.</summary>
    public string CheckState { get; set; } = "";

    /// <summary>What came back, or why not.</summary>
    public string CheckMessage { get; set; } = "";

    public DateTimeOffset? CheckedAt { get; set; }
}
