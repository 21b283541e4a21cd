namespace Portal.Data.Entities;

/// <summary>What points of the stats history are of: a container, or a node as a whole.</summary>
public sealed class StatsSubject
{
    public int Id { get; set; }

    public Guid NodeId { get; set; }

    /// <summary>The container's full id; empty for the node itself.</summary>
    public string ContainerId { get; set; } = "";

    /// <summary>The container's name when it was first seen; empty for the node itself.</summary>
    public string Name { get; set; } = "";

    public DateTimeOffset FirstSeenAt { get; set; }
}
