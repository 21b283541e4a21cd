namespace Portal.Compose.Planning;

/// <summary>What is known beyond the files and what runs.</summary>
public sealed record PlanOptions
{
    /// <value>The id of each service's image, where it is known; another one than a container has makes it anew.</value>
    public IReadOnlyDictionary<string, string> Images { get; init; } = new Dictionary<string, string>();

    /// <value>
    /// Hashes that other tools gave to services, from when the project was adopted: those count as the hash here that stands beside them.
    /// </value>
    public IReadOnlyDictionary<string, string> Adopted { get; init; } = new Dictionary<string, string>();

    /// <value>Make all containers anew.</value>
    public bool Force { get; init; }

    /// <value>Ids of containers that were made anew already, and are not to be again.</value>
    public IReadOnlyCollection<string> Made { get; init; } = [];

    /// <value>Names of the stack's networks over all nodes that are there.</value>
    public IReadOnlyCollection<string> SpreadNetworks { get; init; } = [];
}
