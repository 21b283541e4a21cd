namespace Portal.Data.Entities.Deployments;

/// <summary>What a Git host was told, or is to be told, of a deployment.</summary>
public sealed class CommitReport
{
    public Guid DeploymentId { get; set; }

    public Guid StackId { get; set; }

    public string Commit { get; set; } = "";

    /// <summary>State and words as they should stand there.</summary>
    public string Wanted { get; set; } = "";

    /// <summary>State and words that the host has taken; empty for nothing yet.</summary>
    public string Sent { get; set; } = "";

    /// <summary>Since when that is wanted.</summary>
    public DateTimeOffset WantedAt { get; set; }

    /// <summary>When it is tried next; null when it was sent or given up.</summary>
    public DateTimeOffset? DueAt { get; set; }

    public int Attempts { get; set; }

    public DateTimeOffset? SentAt { get; set; }

    /// <summary>Why the last attempt failed.</summary>
    public string Error { get; set; } = "";
}
