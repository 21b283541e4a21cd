using Portal.Compose.Nodes;

namespace Portal.Compose.Model;

/// <summary>A service, after everything was put together.</summary>
/// <param name="Definition">All of its keys in normal form; what has no property here is read from it.</param>
/// <param name="Hash">Changes when its containers must be made anew.</param>
public sealed record ComposeService(string Name, ComposeMap Definition, string Hash)
{
    /// <summary>What it runs; for one that is only built, a name made of the project's and its own.</summary>
    public required string Image { get; init; }

    public bool IsBuilt => Definition.Find("build") is not null;

    public string? ContainerName => Definition.Text("container_name");

    public required int Replicas { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public required IReadOnlyList<ServiceDependency> DependsOn { get; init; }

    /// <summary>Keys of networks with what the service says of them; none when its mode is another's.</summary>
    public required IReadOnlyList<KeyValuePair<string, ComposeMap?>> Networks { get; init; }

    public required IReadOnlyList<ServicePort> Ports { get; init; }

    /// <value>Key of the network over which nodes lead to its ports that each of them answers at; null when it has none.</value>
    public string? IngressNetwork { get; init; }

    /// <summary>How its containers are replaced when it is deployed.</summary>
    public required ServiceUpdate Update { get; init; }

    /// <summary>How they are when a deployment goes back to this; where the file does not say, as when it is deployed.</summary>
    public required ServiceUpdate Rollback { get; init; }
}
