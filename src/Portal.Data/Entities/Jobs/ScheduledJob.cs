namespace Portal.Data.Entities.Jobs;

/// <summary>Something that is done again and again, in the name of who saved it.</summary>
public sealed class ScheduledJob
{
    public Guid Id { get; set; }

    public string Name { get; set; } = "";

    /// <summary>What is done: <c>prune</c>, <c>command</c>, ...</summary>
    public string Kind { get; set; } = "";

    /// <summary>How, as JSON.</summary>
    public string Settings { get; set; } = "{}";

    /// <summary>On all nodes of this environment; null for another scope.</summary>
    public Guid? EnvironmentId { get; set; }

    /// <summary>On this node; null, with no environment either, for everything.</summary>
    public Guid? NodeId { get; set; }

    /// <summary>When, in five fields.</summary>
    public string Cron { get; set; } = "";

    /// <summary>Whose clock that is, as <c>Europe/Berlin</c>.</summary>
    public string TimeZone { get; set; } = "";

    public bool Enabled { get; set; }

    /// <summary>Who saved it last: runs are in that person's name. Kept when the person is gone, as the name is.</summary>
    public Guid OwnerId { get; set; }

    public string OwnerName { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>Null while it is paused.</summary>
    public DateTimeOffset? NextAt { get; set; }
}
