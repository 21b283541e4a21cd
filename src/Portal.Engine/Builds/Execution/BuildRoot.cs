using Portal.Engine.Builds.Files;

namespace Portal.Engine.Builds.Execution;

/// <summary>A mounted root.</summary>
/// <param name="Path">Where.</param>
/// <param name="Tree">Its files.</param>
internal sealed record BuildRoot(string Path, IFileTree Tree);
