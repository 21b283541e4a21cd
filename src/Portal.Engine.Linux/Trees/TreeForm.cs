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

    /// <summary>True to leave devices out.</summary>
    public bool OmitsDevices { get; init; }

    /// <summary>True when more is in the archive: then its end is written by whoever writes that.</summary>
    public bool IsPart { get; init; }

    /// <summary>Told the path of what is left out.</summary>
    public Action<byte[]>? Omitted { get; init; }

    /// <summary>Told of each entry when it begins, with the bytes of files before it.</summary>
    public Action<long>? Begun { get; init; }

    /// <summary>Bytes that the archive may hold.</summary>
    public long MaxBytes { get; init; } = long.MaxValue;
}
