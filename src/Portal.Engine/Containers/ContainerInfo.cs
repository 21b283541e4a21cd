using Portal.Engine.Containers.Health;
using Portal.Engine.Networks;
using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Containers;

/// <summary>A container as it stands at one moment.</summary>
public sealed record ContainerInfo
{
    /// <summary>64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Its name, without a slash.</summary>
    public required string Name { get; init; }

    /// <summary>The id of its image.</summary>
    public required string ImageId { get; init; }

    /// <summary>What it was made of, complete: the image's defaults are merged in.</summary>
    public required ContainerSpec Spec { get; init; }

    /// <summary>The program that runs, from entrypoint and command.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Its state.</summary>
    public ContainerState State { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>When it was last started, or null.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it last ended, or null.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>How it last ended: 0 to 255; 128 plus the signal's number when a signal ended it. 0 when it never ran.</summary>
    public int ExitCode { get; init; }

    /// <summary>True when the kernel killed it for want of memory.</summary>
    public bool OutOfMemory { get; init; }

    /// <summary>Why its last start failed; empty when it did not.</summary>
    public string Error { get; init; } = "";

    /// <summary>Its init process in the host's numbers; 0 when it does not run.</summary>
    public int ProcessId { get; init; }

    /// <summary>How often its policy has started it again since a person did.</summary>
    public int RestartCount { get; init; }

    /// <summary>Its health; null when it has no check, or never ran.</summary>
    public HealthState? Health { get; init; }

    /// <summary>Its place on the network; null when it has none now.</summary>
    public NetworkSandbox? Network { get; init; }

    /// <summary>Current log file on the host.</summary>
    public string LogPath { get; init; } = "";

    /// <summary>The networks that it is on, or will be on at its next start; empty when it has no interfaces of its own.</summary>
    public IReadOnlyList<NetworkConnection> Networks { get; init; } = [];

    /// <summary>Binds, volumes and tmpfs mounts.</summary>
    public IReadOnlyList<ContainerMount> Mounts { get; init; } = [];

    /// <summary>Its AppArmor profile; empty where the host has no AppArmor.</summary>
    public string AppArmorProfile { get; init; } = "";

    /// <summary>The ids of the host that stand for its own; null when they are the same.</summary>
    public IdMapping? Ids { get; init; }

    /// <summary>The file on the host that is its <c>/etc/hosts</c>.</summary>
    public string HostsPath { get; init; } = "";

    /// <summary>The file on the host that is its <c>/etc/hostname</c>.</summary>
    public string HostnamePath { get; init; } = "";

    /// <summary>The file on the host that is its <c>/etc/resolv.conf</c>.</summary>
    public string ResolvConfPath { get; init; } = "";
}
