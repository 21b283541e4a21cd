using Portal.Compose.Interpolation;
using Portal.Compose.Nodes;

namespace Portal.Compose.Loading;

/// <summary>A file that was read: its normal form, and what it was read with.</summary>
internal sealed record FileScope(string Path, string Folder, Variables Variables, ComposeMap Map);
