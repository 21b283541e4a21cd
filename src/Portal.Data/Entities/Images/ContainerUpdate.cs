namespace Portal.Data.Entities.Images;

/// <summary>A container of no stack that one of a newer image takes the place of.</summary>
public sealed class ContainerUpdate
{
    public Guid Id { get; set; }

    public Guid NodeId { get; set; }

    public string NodeName { get; set; } = "";

    public string ContainerId { get; set; } = "";

    public string Name { get; set; } = "";

    /// <summary>As the container names it.</summary>
    public string Image { get; set; } = "";

    /// <summary>The person who asked for it, and in whose name it is done.</summary>
    public Guid ActorId { get; set; }

    public string ActorName { get; set; } = "";

    public string Address { get; set; } = "";

    /// <summary>What the person, by the token that they used, might do on the node of what reaches the host.</summary>
    public string[] Reach { get; set; } = [];

    public string State { get; set; } = "";

    public string Phase { get; set; } = "";

    /// <summary>Whether the old one ran, and is to run again when it comes back.</summary>
    public bool WasRunning { get; set; }

    /// <summary>The new one; empty before it is made.</summary>
    public string SuccessorId { get; set; } = "";

    /// <summary>What came of it, for people.</summary>
    public string Message { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>The worker that has it.</summary>
    public Guid? Claim { get; set; }

    /// <summary>When another may have it.</summary>
    public DateTimeOffset? ClaimedUntil { get; set; }
}
