namespace Portal.Engine.Linux.Runtime.Oci;

/// <summary><c>root</c>.</summary>
internal sealed record OciRoot(string Path, bool Readonly);
