namespace Portal.Data.Entities.Deployments;

/// <summary>Something that a deployment does, for people to follow.</summary>
public sealed class DeploymentStep
{
    public Guid DeploymentId { get; set; }

    /// <summary>From 1, in the order in which they began.</summary>
    public int Number { get; set; }

    public string Phase { get; set; } = "";

    /// <summary>What is done, as a phrase.</summary>
    public string Name { get; set; } = "";

    /// <summary><c>Running</c>, <c>Done</c>, <c>Failed</c> or <c>Stopped</c>.</summary>
    public string State { get; set; } = "";

    /// <summary>Why, or what came of it.</summary>
    public string Detail { get; set; } = "";

    /// <summary>JSON: of a pull the parts with their bytes; an empty list for others.</summary>
    public string Progress { get; set; } = "[]";

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }
}
