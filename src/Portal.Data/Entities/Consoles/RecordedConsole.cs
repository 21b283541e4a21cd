namespace Portal.Data.Entities.Consoles;

/// <summary>A console whose output is recorded. Its person, node and container may be gone: their names stay.</summary>
public sealed class RecordedConsole
{
    /// <summary>The console's id.</summary>
    public Guid Id { get; set; }

    public Guid NodeId { get; set; }

    public string NodeName { get; set; } = "";

    /// <summary>Empty for a shell on the node itself.</summary>
    public string ContainerId { get; set; } = "";

    public string ContainerName { get; set; } = "";

    public string Name { get; set; } = "";

    public string Command { get; set; } = "";

    public Guid OwnerId { get; set; }

    public string OwnerName { get; set; } = "";

    public DateTimeOffset StartedAt { get; set; }

    /// <summary>Set when it has ended and all of it is here.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Why it ended, in words; empty until then.</summary>
    public string Ending { get; set; } = "";

    /// <summary>Bytes that are here.</summary>
    public long Size { get; set; }
}
