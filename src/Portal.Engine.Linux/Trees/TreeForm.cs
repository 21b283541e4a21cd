using Microsoft.Win32.SafeHandles;
using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Linux.Trees;

/// <summary>How a tree is written.</summary>
internal sealed record TreeForm
{
    /// <summary>True when overlayfs's own marks are in the tree, which become whiteouts.</summary>
    public bool IsLayer { get; init; }

    /// <summary>
    /// The layers below, as one tree: marks that hide nothing there, and folders that only lead to what changed in them, are told by it.
    /// Null to write everything.
    /// </summary>
    public SafeFileHandle? Below { get; init; }

    /// <summary>True to leave out what a runtime made to mount on.</summary>
    public bool OmitsMountPoints { get; init; }

    /// <summary>What stands on the host for the owners that are written; null for the same.</summary>
    public IdMapping? Ids { get; init; }

    /// <summary>Bytes that the archive may hold.</summary>
    public long MaxBytes { get; init; } = long.MaxValue;
}
