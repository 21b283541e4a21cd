namespace Portal.Data.Entities.Images;

/// <summary>Which tag a service's image shall have, and what was taken by that.</summary>
public sealed class ImageRule
{
    public Guid StackId { get; set; }

    public string Service { get; set; } = "";

    /// <summary>JSON; empty where the stack's files say it, or nobody does any more.</summary>
    public string Rule { get; set; } = "";

    /// <summary>The person who set it last.</summary>
    public Guid OwnerId { get; set; }

    public string OwnerName { get; set; } = "";

    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>The newest tag that was taken, whatever became of it: it is not taken twice by the same rule.</summary>
    public string Taken { get; set; } = "";

    /// <summary>The rule by which it was; JSON.</summary>
    public string TakenBy { get; set; } = "";

    public DateTimeOffset? TakenAt { get; set; }
}
