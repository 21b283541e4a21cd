namespace Portal.Engine.Linux.Runtime.Oci;

/// <summary>An entry of <c>mounts</c>.</summary>
internal sealed record OciMount(string Destination, string Type, string Source, IReadOnlyList<string> Options);
