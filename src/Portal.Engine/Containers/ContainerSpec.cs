using Portal.Engine.Containers.Health;
using Portal.Engine.Images;
using Portal.Engine.Networks;
using Portal.Engine.Runtime;

namespace Portal.Engine.Containers;

/// <summary>What a container shall be. Null means: what the image says.</summary>
public sealed partial record ContainerSpec
{
    /// <summary>Its name, <c>[a-zA-Z0-9][a-zA-Z0-9_.-]+</c>; null for one that the engine makes up.</summary>
    public string? Name { get; init; }

    /// <summary>The image, as users write it.</summary>
    public required string Image { get; init; }

    /// <summary>Which of the images that the name stands for; null for the one that suits this host best.</summary>
    public ImagePlatform? Platform { get; init; }

    /// <summary>Instead of the image's entrypoint; an empty list for none.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>Instead of the image's command.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Variables added to the image's: <c>NAME=VALUE</c>; <c>NAME</c> alone takes the image's away.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Instead of the image's working directory.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Instead of the image's user.</summary>
    public string? User { get; init; }

    /// <summary>Host name inside; null for the first 12 digits of the id.</summary>
    public string? Hostname { get; init; }

    /// <summary>NIS domain name inside.</summary>
    public string? Domainname { get; init; }

    /// <summary>Labels, added to the image's.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Give its process a terminal.</summary>
    public bool Tty { get; init; }

    /// <summary>Keep standard input open.</summary>
    public bool OpenStdin { get; init; }

    /// <summary>Close standard input when the first client goes.</summary>
    public bool StdinOnce { get; init; }

    /// <summary>Instead of the image's stop signal, by name or number.</summary>
    public string? StopSignal { get; init; }

    /// <summary>Seconds that a stop waits before it kills; null for 10.</summary>
    public int? StopTimeout { get; init; }

    /// <summary>How its health is found out; completed from the image's.</summary>
    public Healthcheck? Healthcheck { get; init; }

    /// <summary>Instead of the image's shell, which runs <c>CMD-SHELL</c> health checks; null or empty for <c>/bin/sh -c</c>.</summary>
    public IReadOnlyList<string>? Shell { get; init; }

    /// <summary>Ports that the program listens on, <c>80/tcp</c>, besides the image's and the published ones.</summary>
    public IReadOnlyList<string> ExposedPorts { get; init; } = [];

    /// <summary>Ports to publish.</summary>
    public IReadOnlyList<PortBinding> Ports { get; init; } = [];

    /// <summary>Publish every exposed port on a free port of the host.</summary>
    public bool PublishAllPorts { get; init; }

    /// <summary>What happens when it ends.</summary>
    public RestartPolicy RestartPolicy { get; init; } = RestartPolicy.No;

    /// <summary>Remove it when it has ended.</summary>
    public bool AutoRemove { get; init; }

    /// <summary>Docker's network mode: <c>bridge</c>, <c>none</c>, <c>host</c>, <c>container:NAME</c>, or a network's name.</summary>
    public string NetworkMode { get; init; } = "bridge";

    /// <summary>
    /// Addresses, aliases and further networks: an entry for the network of <see cref="NetworkMode"/> says more about it, the others
    /// are networks besides it.
    /// </summary>
    public IReadOnlyList<NetworkConnection> Networks { get; init; } = [];

    /// <summary>Host paths mounted inside: <c>/host:/container[:ro,rshared,...]</c>.</summary>
    public IReadOnlyList<string> Binds { get; init; } = [];

    /// <summary>Paths that shall be anonymous volumes, besides the image's.</summary>
    public IReadOnlyList<string> Volumes { get; init; } = [];

    /// <summary>tmpfs mounts: path to options.</summary>
    public IReadOnlyDictionary<string, string> Tmpfs { get; init; } = new Dictionary<string, string>();

    /// <summary>Name servers instead of the host's.</summary>
    public IReadOnlyList<string> Dns { get; init; } = [];

    /// <summary>Search domains instead of the host's.</summary>
    public IReadOnlyList<string> DnsSearch { get; init; } = [];

    /// <summary>Resolver options.</summary>
    public IReadOnlyList<string> DnsOptions { get; init; } = [];

    /// <summary>Lines for <c>/etc/hosts</c>: <c>name:address</c>.</summary>
    public IReadOnlyList<string> ExtraHosts { get; init; } = [];

    /// <summary>All capabilities and devices.</summary>
    public bool Privileged { get; init; }

    /// <summary>Capabilities beyond Docker's default set.</summary>
    public IReadOnlyList<string> CapabilitiesToAdd { get; init; } = [];

    /// <summary>Capabilities taken from Docker's default set.</summary>
    public IReadOnlyList<string> CapabilitiesToDrop { get; init; } = [];

    /// <summary>Docker's security options.</summary>
    public IReadOnlyList<string> SecurityOptions { get; init; } = [];

    /// <summary>Mount the root read-only.</summary>
    public bool ReadOnlyRoot { get; init; }

    /// <summary>Run an init as process 1.</summary>
    public bool Init { get; init; }

    /// <summary>Size of <c>/dev/shm</c> in bytes; 0 for 64 MiB.</summary>
    public long ShmSize { get; init; }

    /// <summary>Limits.</summary>
    public RuntimeResources Resources { get; init; } = new();

    /// <summary>
    /// Docker's log driver: <c>json-file</c> or <c>local</c> for files alone, <c>none</c> for none, or where lines
    /// are sent to besides the files:
    /// <c>syslog</c>, <c>journald</c>, <c>gelf</c>, <c>fluentd</c>.
    /// </summary>
    public string LogDriver { get; init; } = "json-file";

    /// <summary>Its options, as they were given.</summary>
    public IReadOnlyDictionary<string, string> LogOptions { get; init; } = new Dictionary<string, string>();

    /// <summary>When the log is rotated.</summary>
    public LogRotation LogRotation { get; init; } = LogRotation.Default;
}
