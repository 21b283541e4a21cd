using Microsoft.Win32.SafeHandles;
using Portal.Engine.Linux.Interop;

namespace Portal.Engine.Linux.Snapshots.Overlay;

/// <summary>The layers beneath a root as one tree, to look things up in. Read-only.</summary>
/// <remarks>
/// A mount that is in no one's way: it is taken off its place as soon as its root is open, and goes with that handle. Only a process that
/// is killed in between leaves something, which the next start takes away.
/// </remarks>
internal static class LowerView
{
    public static SafeFileHandle Open(OverlayPaths paths, LayerTable layers, string? chainId)
    {
        var chain = layers.Chain(chainId);
        if (chain.Count == 0)
        {
            return FileCalls.OpenFolder(paths.Empty);
        }

        // overlayfs takes no single folder without a writable one; an empty one below changes nothing.
        var lower = string.Join(':', chain.Select(LayerTable.RelativeDiff).Append("../empty"));
        var target = Directory.CreateDirectory(Path.Combine(paths.Staging, $"view-{Path.GetRandomFileName()}")).FullName;
        try
        {
            MountCalls.Mount("overlay", target, $"lowerdir={lower}", paths.Layers);
            return FileCalls.OpenFolder(target);
        }
        finally
        {
            MountCalls.Unmount(target);
            Directory.Delete(target);
        }
    }
}
