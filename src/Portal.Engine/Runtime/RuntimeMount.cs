namespace Portal.Engine.Runtime;

/// <summary>A mount in a container (runtime-spec, <c>config.md</c>, "Mounts").</summary>
/// <param name="Type"><c>bind</c>, <c>tmpfs</c>, ...</param>
/// <param name="Source">Path on the host, or the file system's name.</param>
/// <param name="Destination">Absolute path in the container.</param>
/// <param name="Options">Mount options, such as <c>rbind</c>, <c>ro</c>, <c>rprivate</c>.</param>
public sealed record RuntimeMount(string Type, string Source, string Destination, IReadOnlyList<string> Options)
{
    /// <summary>True for a file of the engine's own making that belongs to the container's root.</summary>
    public bool BelongsToRoot { get; init; }

    /// <summary>True where nobody asked for the propagation: on a host whose mounts pass nothing on, none is passed on, and nothing is refused.</summary>
    public bool MayStayPrivate { get; init; }
}
