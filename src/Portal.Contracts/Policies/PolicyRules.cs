using System.Text.Json.Serialization;

namespace Portal.Contracts.Policies;

/// <summary>
/// What a policy allows. A list that is null restricts nothing, an empty one allows none of its kind; the flags forbid. The default allows
/// everything.
/// </summary>
public sealed record PolicyRules
{
    /// <summary>Paths of the host that may be mounted; null for any. At most 100.</summary>
    public IReadOnlyList<HostPathRule>? HostPaths { get; init; }

    /// <summary>
    /// Repositories that images may come from (<see cref="ImagePattern"/>): <c>docker.io/library/*</c>; null for any. At most 100.
    /// </summary>
    public IReadOnlyList<string>? Registries { get; init; }

    /// <summary>
    /// Which images must be signed, and by whose keys; null for none. Images that no pattern covers are left alone. At most 100.
    /// </summary>
    public IReadOnlyList<SignatureRule>? Signatures { get; init; }

    /// <summary>
    /// Namespaces that may be shared with the host, of <c>network</c>, <c>pid</c>, <c>ipc</c>, <c>uts</c>, <c>user</c> and <c>cgroup</c>; null
    /// for any.
    /// </summary>
    public IReadOnlyList<string>? HostNamespaces { get; init; }

    /// <summary>
    /// Devices that may be handed out: paths with all below them, <c>gpu</c>, or names of the Container Device Interface, whose end may be
    /// <c>*</c>; null for any. At most 100.
    /// </summary>
    public IReadOnlyList<string>? Devices { get; init; }

    /// <summary>Capabilities beyond Docker's default set, without <c>CAP_</c>; <c>ALL</c> for all of them; null for any.</summary>
    public IReadOnlyList<string>? Capabilities { get; init; }

    /// <summary>What volumes with driver options may mount: <c>tmpfs</c>, <c>bind</c>, <c>nfs</c>, or a file system's name; null for any.</summary>
    public IReadOnlyList<string>? VolumeTypes { get; init; }

    /// <summary>Forbid privileged containers and processes.</summary>
    public bool ForbidPrivileged { get; init; }

    /// <summary>Forbid all else that reaches the host (<see cref="PolicyRule.OtherHostAccess"/>).</summary>
    public bool ForbidOtherHostAccess { get; init; }

    /// <summary>Bytes of memory that each container must be limited to, or to less; 0 for no such rule.</summary>
    public long LargestMemoryBytes { get; init; }

    /// <summary>True when it restricts nothing.</summary>
    [JsonIgnore]
    public bool IsEmpty =>
        HostPaths is null && Registries is null && Signatures is null && HostNamespaces is null && Devices is null
        && Capabilities is null && VolumeTypes is null && !ForbidPrivileged && !ForbidOtherHostAccess && LargestMemoryBytes == 0;
}
