using System.Text.Json.Serialization;

namespace Portal.Engine.Containers;

/// <summary>Something of the host that a container sees in its file system.</summary>
/// <param name="Type"><c>bind</c>, <c>volume</c> or <c>tmpfs</c>.</param>
/// <param name="Name">The volume's name; empty for others.</param>
/// <param name="Source">Path on the host; empty for a tmpfs.</param>
/// <param name="Destination">Absolute path in the container.</param>
/// <param name="Options">Mount options as given, such as <c>ro</c> or <c>rshared</c>; comma-separated.</param>
/// <param name="Writable">False when it is mounted read-only.</param>
/// <param name="Flags">What <c>--mount</c> alone can say, comma-separated: words of <see cref="Mounts.MountFlags"/>.</param>
/// <param name="Subpath">What of a volume is mounted, a relative path in it; empty for all of it.</param>
public sealed record ContainerMount(
    string Type,
    string Name,
    string Source,
    string Destination,
    string Options,
    bool Writable,
    string Flags = "",
    string Subpath = "")
{
    /// <summary>How mounts of the host reach it and its own the host (mount_namespaces(7)): as given, or as Docker chooses; of binds.</summary>
    [JsonIgnore]
    public string Propagation => Mounts.Propagation.Of(this);
}
