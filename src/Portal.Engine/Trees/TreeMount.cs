namespace Portal.Engine.Trees;

/// <summary>A file or folder of the host that stands in a container's tree.</summary>
/// <param name="Source">Absolute path on the host. What does not exist is passed over.</param>
/// <param name="Destination">Absolute path in the container.</param>
/// <param name="Writable">False when nothing may be written to it.</param>
public sealed record TreeMount(string Source, string Destination, bool Writable);
