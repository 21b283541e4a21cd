namespace Portal.Data.Entities.Deployments;

/// <summary>That a stack over several nodes was stopped or removed while one of them was lost, and what is to be done there yet.</summary>
public sealed class MissedMove
{
    public Guid StackId { get; set; }

    public Guid NodeId { get; set; }

    /// <summary><c>Stop</c> or <c>Remove</c>.</summary>
    public string Operation { get; set; } = "";

    /// <summary>Of a removal: the volumes too.</summary>
    public bool RemoveVolumes { get; set; }

    public DateTimeOffset MissedAt { get; set; }
}
