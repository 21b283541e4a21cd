using Portal.Engine.Linux.Runtime.Oci.Hooks;

namespace Portal.Engine.Linux.Runtime.Oci;

/// <summary>The root of <c>config.json</c> (runtime-spec 1.0.2, <c>config.md</c>). Only what this engine sets.</summary>
internal sealed record OciSpec
{
    public string OciVersion { get; init; } = "1.0.2";

    public required OciProcess Process { get; init; }

    public required OciRoot Root { get; init; }

    public string? Hostname { get; init; }

    public IReadOnlyList<OciMount> Mounts { get; init; } = [];

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public OciHooks? Hooks { get; init; }

    public required OciLinux Linux { get; init; }
}
