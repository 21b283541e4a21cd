namespace Portal.Data.Entities;

/// <summary>What a program shows to act for its owner. What it shows is not here, only the hash of it.</summary>
public sealed class ApiToken
{
    public Guid Id { get; set; }

    /// <summary>For whom it acts: a person or a service account.</summary>
    public Guid UserId { get; set; }

    /// <summary>What it is for, in its maker's words.</summary>
    public string Name { get; set; } = "";

    /// <summary>SHA-256 of the whole text.</summary>
    public byte[] Hash { get; set; } = [];

    /// <summary>How the text begins: to recognise it.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>What it may do at most, or null for all that its owner may do.</summary>
    public string[]? Permissions { get; set; }

    /// <summary>On which nodes at most, or null for wherever its owner may do something.</summary>
    public Guid[]? NodeIds { get; set; }

    /// <summary>
    /// In which environments at most: on their nodes as they are at each moment. With <see cref="NodeIds"/> in either; null for no such
    /// limit.
    /// </summary>
    public Guid[]? EnvironmentIds { get; set; }

    public Guid CreatedBy { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When it ends by itself, or null for one that does not.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>When it was last used, to the minute; null for never.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    public string? LastUsedFrom { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }
}
