using Portal.Compose.Nodes;

namespace Portal.Compose.Model;

/// <summary>A network or a volume.</summary>
/// <param name="Key">In the files.</param>
/// <param name="Name">On the node.</param>
/// <param name="IsExternal">It is there already, and not the project's to make or remove.</param>
public sealed record ComposeResource(string Key, string Name, bool IsExternal, ComposeMap Definition);
