namespace Portal.Data.Entities.Images;

/// <summary>That a stack is deployed by itself when its registries have newer images, and how that went.</summary>
public sealed class ImagePolicy
{
    public Guid StackId { get; set; }

    /// <summary><c>AtOnce</c> or <c>Daily</c>.</summary>
    public string Mode { get; set; } = "";

    /// <summary>Of the day in UTC, 0 to 1439; of no meaning at once.</summary>
    public int AtMinute { get; set; }

    /// <summary>The person who set it last.</summary>
    public Guid OwnerId { get; set; }

    public string OwnerName { get; set; } = "";

    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>When its time of the day last came.</summary>
    public DateTimeOffset? LookedAt { get; set; }

    /// <summary>A hash of the images that it was last deployed for: what failed once is not tried again until there are others.</summary>
    public string Tried { get; set; } = "";

    public DateTimeOffset? TriedAt { get; set; }

    /// <summary>The deployment of that.</summary>
    public Guid? DeploymentId { get; set; }

    /// <summary>When another portal may see to it: whoever does so now is gone.</summary>
    public DateTimeOffset? ClaimedUntil { get; set; }

    /// <summary>When registries were last asked for tags; null to have them asked soon.</summary>
    public DateTimeOffset? TagsAt { get; set; }

    /// <summary>The stack's newest revision then.</summary>
    public int TagsRevision { get; set; }

    /// <summary>What stood against it; empty for nothing.</summary>
    public string TagsProblem { get; set; } = "";
}
