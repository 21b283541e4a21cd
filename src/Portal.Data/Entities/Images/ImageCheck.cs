namespace Portal.Data.Entities.Images;

/// <summary>What a tag points at in its registry, as it was seen last, and when to look again.</summary>
public sealed class ImageCheck
{
    /// <summary><c>registry/repository:tag</c> in full: <c>docker.io/library/nginx:1.27</c>.</summary>
    public string Image { get; set; } = "";

    public string Registry { get; set; } = "";

    /// <summary>Empty when no look went well yet.</summary>
    public string Digest { get; set; } = "";

    /// <summary>When a look last went well.</summary>
    public DateTimeOffset? CheckedAt { get; set; }

    /// <summary>Looks in a row that failed.</summary>
    public int Failures { get; set; }

    /// <summary>Why the last look failed, for people; empty when it did not.</summary>
    public string Error { get; set; } = "";

    public DateTimeOffset NextAt { get; set; }

    /// <summary>When another portal may look: whoever does so now is gone.</summary>
    public DateTimeOffset? ClaimedUntil { get; set; }

    /// <summary>When a container of it was last there.</summary>
    public DateTimeOffset WantedAt { get; set; }
}
