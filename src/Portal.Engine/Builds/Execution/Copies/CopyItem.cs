using Portal.Engine.Archives;
using Portal.Engine.Builds.Files;

namespace Portal.Engine.Builds.Execution.Copies;

/// <summary>An entry of a layer that is copied together.</summary>
/// <param name="Entry">As it is in the layer.</param>
/// <param name="Tree">For a file the tree that has its content.</param>
/// <param name="Source">For a file the entry there.</param>
/// <param name="Origin">What was copied that this belongs to, or null.</param>
internal sealed record CopyItem(TarEntry Entry, IFileTree? Tree, TarEntry? Source, CopySource? Origin = null);
