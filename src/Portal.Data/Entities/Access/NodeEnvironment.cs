namespace Portal.Data.Entities.Access;

/// <summary>A group of nodes, such as production: what is granted on it holds on each of them. A node is in one at most.</summary>
public sealed class NodeEnvironment
{
    public Guid Id { get; set; }

    public string Name { get; set; } = "";

    /// <summary>The name of a colour, as pages know it.</summary>
    public string Color { get; set; } = "";

    public string Description { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>JSON: what is asked of deployments there.</summary>
    public string DeploymentRules { get; set; } = "{}";
}
