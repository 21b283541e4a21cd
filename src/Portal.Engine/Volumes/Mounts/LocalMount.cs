namespace Portal.Engine.Volumes.Mounts;

/// <summary>What the options of a volume of the local driver mount: the arguments of mount(2), checked.</summary>
public sealed record LocalMount
{
    /// <summary>The file system's type; <c>bind</c> for a path of the host.</summary>
    public required string Type { get; init; }

    /// <summary>A host path, a block device, <c>[host]:/path</c> of a server, or any word for a tmpfs.</summary>
    public required string Device { get; init; }

    /// <summary>Flags.</summary>
    public VolumeMountFlags Flags { get; init; }

    /// <summary>Options of the file system itself, <c>name</c> or <c>name=value</c>, in the order given, without <c>addr</c>.</summary>
    public IReadOnlyList<string> Data { get; init; } = [];

    /// <summary>The server of an nfs mount, a name or an address; else empty.</summary>
    public string Server { get; init; } = "";

    /// <summary>True for a path of the host.</summary>
    public bool IsBind => Type == "bind";

    /// <summary>True for a file system of a server.</summary>
    public bool IsRemote => Type is "nfs" or "nfs4";

    /// <summary>True for one in memory, which is empty again each time it is mounted.</summary>
    public bool IsMemory => Type == "tmpfs";
}
