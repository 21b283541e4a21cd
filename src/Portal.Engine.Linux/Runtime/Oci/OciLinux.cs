namespace Portal.Engine.Linux.Runtime.Oci;

/// <summary><c>linux</c> (runtime-spec, <c>config-linux.md</c>).</summary>
internal sealed record OciLinux
{
    public required IReadOnlyList<OciNamespace> Namespaces { get; init; }

    public IReadOnlyList<OciIdMapping>? UidMappings { get; init; }

    public IReadOnlyList<OciIdMapping>? GidMappings { get; init; }

    public IReadOnlyList<OciDevice>? Devices { get; init; }

    public required string CgroupsPath { get; init; }

    public required OciResources Resources { get; init; }

    public string? RootfsPropagation { get; init; }

    public OciSeccomp? Seccomp { get; init; }

    public IReadOnlyList<string>? MaskedPaths { get; init; }

    public IReadOnlyList<string>? ReadonlyPaths { get; init; }

    public IReadOnlyDictionary<string, string>? Sysctl { get; init; }
}
