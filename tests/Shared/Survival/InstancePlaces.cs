namespace Portal.Testing.Survival;

/// <summary>Where an engine's things are: one made by a test directly, or one that an agent made in folders of its own.</summary>
/// <param name="Name">The engine's name, which its kernel objects carry.</param>
/// <param name="DataRoot">The engine's folder on the disk.</param>
/// <param name="RunRoot">The engine's folder that a reboot empties.</param>
public sealed record InstancePlaces(string Name, string DataRoot, string RunRoot)
{
    /// <summary>True when each of its containers publishes one port.</summary>
    public bool PublishesPorts { get; init; }

    public static InstancePlaces Of(TestInstance instance) => new(instance.Name, instance.DataRoot, instance.RunRoot);
}
