namespace Portal.Engine.Linux.Runtime.Oci;

/// <summary>An entry of <c>linux.namespaces</c>; a path joins one, no path makes one.</summary>
internal sealed record OciNamespace(string Type, string? Path = null);
