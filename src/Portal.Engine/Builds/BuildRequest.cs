using Portal.Engine.Builds.Remotes;
using Portal.Engine.Distribution.Logins;
using Portal.Engine.Images;
using Portal.Engine.Runtime;
using Portal.Engine.Runtime.Limits;

namespace Portal.Engine.Builds;

/// <summary>What to build, and how.</summary>
public sealed record BuildRequest
{
    /// <summary>The Dockerfile's path in the context.</summary>
    /// <value>The default is <c>Dockerfile</c>.</value>
    public string Dockerfile { get; init; } = "Dockerfile";

    /// <summary>
    /// The Dockerfile itself, in place of the context's own; without a context and <see cref="Remote"/> the build has no other files. Null
    /// to take the context's.
    /// </summary>
    public string? DockerfileText { get; init; }

    /// <summary>Where the context is: a Git repository (<c>https://host/repo.git#branch:folder</c>), or a Dockerfile or archive by its address.</summary>
    public string? Remote { get; init; }

    /// <summary>Names for the image, as users write them.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Values for <c>ARG</c>; null for one that is named without a value, which counts as not given.</summary>
    public IReadOnlyDictionary<string, string?> Arguments { get; init; } = new Dictionary<string, string?>();

    /// <summary>Labels to add.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The stage to build, by name or number; empty for the last one.</summary>
    public string Target { get; init; } = "";

    /// <summary>The platform to build for, or null for the host's.</summary>
    public ImagePlatform? Platform { get; init; }

    /// <summary>Take nothing from the cache. What is built is put there all the same.</summary>
    public bool NoCache { get; init; }

    /// <summary>Ask the registries for newer base images.</summary>
    public bool Pull { get; init; }

    /// <summary>The network of <c>RUN</c>: as <see cref="Containers.ContainerSpec.NetworkMode"/>.</summary>
    public string NetworkMode { get; init; } = "bridge";

    /// <summary>Limits of each <c>RUN</c>.</summary>
    public RuntimeResources Resources { get; init; } = new();

    /// <summary>Size of <c>/dev/shm</c> in bytes; 0 for 64 MiB.</summary>
    public long ShmSize { get; init; }

    /// <summary>Lines for <c>/etc/hosts</c> during <c>RUN</c>: <c>name:address</c>.</summary>
    public IReadOnlyList<string> ExtraHosts { get; init; } = [];

    /// <summary>Limits of single processes in each <c>RUN</c>.</summary>
    public IReadOnlyList<Ulimit> Ulimits { get; init; } = [];

    /// <summary>Options of security in each <c>RUN</c>: as <see cref="Containers.ContainerSpec.SecurityOptions"/>.</summary>
    public IReadOnlyList<string> SecurityOptions { get; init; } = [];

    /// <summary>The cgroup that those of <c>RUN</c> are made in: as <see cref="Containers.ContainerSpec.CgroupParent"/>.</summary>
    public string CgroupParent { get; init; } = "";

    /// <summary>
    /// Images whose inline cache this build uses besides the engine's own: those that are here, or pulled. One that can't be had is no
    /// failure but a warning. Used for this build alone.
    /// </summary>
    public IReadOnlyList<string> CacheFrom { get; init; } = [];

    /// <summary>Logins by registry, for base images. Used for this build alone.</summary>
    public IReadOnlyDictionary<string, RegistryCredentials> Credentials { get; init; } = new Dictionary<string, RegistryCredentials>();

    /// <summary>For the repository that the context is fetched from. Used for this build alone.</summary>
    public GitLogin? GitLogin { get; init; }

    /// <summary>
    /// Private keys for <c>RUN --mount=type=ssh</c>, by id; <c>default</c> for mounts that name none. Steps get an agent's socket, never
    /// the key. Used for this build alone.
    /// </summary>
    public IReadOnlyDictionary<string, string> SshKeys { get; init; } = new Dictionary<string, string>();

    /// <summary>Secrets for <c>RUN --mount=type=secret</c>, by id. Never in a layer, a cache key or a log.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Secrets { get; init; } = new Dictionary<string, ReadOnlyMemory<byte>>();
}
