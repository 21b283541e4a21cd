namespace Portal.Engine.Linux.Runtime;

/// <summary>An OCI runtime of this host.</summary>
/// <param name="Name">Its file name, <c>runc</c> or <c>crun</c>.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Version">Its version.</param>
internal sealed record OciRuntime(string Name, string Path, string Version);
