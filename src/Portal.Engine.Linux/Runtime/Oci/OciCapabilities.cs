namespace Portal.Engine.Linux.Runtime.Oci;

/// <summary><c>process.capabilities</c>. Inheritable stays empty (CVE-2022-24769) and so does ambient.</summary>
internal sealed record OciCapabilities(
    IReadOnlyList<string> Bounding, IReadOnlyList<string> Effective, IReadOnlyList<string> Permitted);
