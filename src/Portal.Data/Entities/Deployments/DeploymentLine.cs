namespace Portal.Data.Entities.Deployments;

/// <summary>A line of a deployment's log.</summary>
public sealed class DeploymentLine
{
    public long Id { get; set; }

    public Guid DeploymentId { get; set; }

    public DateTimeOffset WrittenAt { get; set; }

    public bool IsError { get; set; }

    public string Text { get; set; } = "";
}
