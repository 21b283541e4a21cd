namespace Portal.Compose.Planning;

/// <summary>What is there of a project on its node.</summary>
/// <param name="Networks">By the name on the node, with the key that its label says; empty when it is not the project's.</param>
/// <param name="Volumes">Names on the node.</param>
public sealed record RunningProject(
    IReadOnlyList<RunningContainer> Containers, IReadOnlyDictionary<string, string> Networks, IReadOnlyCollection<string> Volumes)
{
    public static RunningProject None { get; } = new([], new Dictionary<string, string>(), []);
}
