namespace Portal.Contracts.Policies;

/// <summary>What a policy may rule on. The names are part of messages and of the REST API.</summary>
public enum PolicyRule
{
    /// <summary>Files and folders of the host in containers, by whichever way: binds, mounts, volumes whose driver binds.</summary>
    HostPaths,

    /// <summary>Repositories that images come from.</summary>
    Registries,

    /// <summary>Signatures of images.</summary>
    Signatures,

    /// <summary>Privileged containers and processes.</summary>
    Privileged,

    /// <summary>Namespaces shared with the host.</summary>
    HostNamespaces,

    /// <summary>Devices of the host.</summary>
    Devices,

    /// <summary>Capabilities beyond Docker's default set.</summary>
    Capabilities,

    /// <summary>What volumes with driver options mount.</summary>
    VolumeTypes,

    /// <summary>The limit of a container's memory.</summary>
    Memory,

    /// <summary>All else that reaches the host: runtimes, security options, unmasked kernel paths, networks of its interfaces.</summary>
    OtherHostAccess,
}
