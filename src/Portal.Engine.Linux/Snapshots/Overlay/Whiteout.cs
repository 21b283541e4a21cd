using System.Text;
using Microsoft.Win32.SafeHandles;
using Portal.Engine.Archives;
using Portal.Engine.Linux.Interop;

namespace Portal.Engine.Linux.Snapshots.Overlay;

/// <summary>
/// Whiteouts as archives write them (image-spec, <c>layer.md</c>, "Whiteouts") and as overlayfs keeps them: a character device 0:0
/// hides a name of the layers below, an attribute makes a folder hide all that they have in it.
/// </summary>
internal static class Whiteout
{
    public const string OpaqueAttribute = "trusted.overlay.opaque";
    private static readonly byte[] s_opaqueValue = "y"u8.ToArray();

    /// <summary>What a whiteout's name begins with, and no other name in a layer.</summary>
    public static ReadOnlySpan<byte> Prefix => ".wh."u8;

    /// <summary>The name that marks its folder as opaque.</summary>
    public static ReadOnlySpan<byte> OpaqueName => ".wh..wh..opq"u8;

    private static ReadOnlySpan<byte> MetadataPrefix => ".wh..wh."u8;

    /// <summary>True for what aufs kept for itself, which old images still carry: it means nothing here.</summary>
    public static bool IsMetadata(byte[] name)
    {
        return name.AsSpan().StartsWith(MetadataPrefix) && !name.AsSpan().SequenceEqual(OpaqueName);
    }

    /// <summary>True for a whiteout; <paramref name="hidden"/> is the name to hide, or null when the whole folder hides
    /// what is below.</summary>
    public static bool TryParse(byte[] name, out byte[]? hidden)
    {
        hidden = null;
        if (!name.AsSpan().StartsWith(Prefix))
        {
            return false;
        }

        if (name.AsSpan().SequenceEqual(OpaqueName))
        {
            return true;
        }

        hidden = name[Prefix.Length..];
        if (hidden.Length == 0 || hidden is [(byte)'.'] or [(byte)'.', (byte)'.'])
        {
            throw new TarFormatException($"the whiteout '{Encoding.UTF8.GetString(name)}' hides nothing that a layer may hide");
        }

        return true;
    }

    /// <summary>Hides a name of the layers below. What this very layer has under that name stays.</summary>
    public static void Hide(SafeFileHandle parent, byte[] name, string path)
    {
        var error = FileCalls.TryMakeNode(parent, name, FileTypes.CharacterDevice, 0, 0);
        if (error == Errno.Exists)
        {
            HidePresent(parent, name, path);
        }
        else if (error != 0)
        {
            throw new FileCallException(error, "make whiteout", path);
        }
    }

    public static void MarkOpaque(SafeFileHandle folder, string path)
    {
        var error = FileCalls.TrySetAttribute(folder, OpaqueAttribute, s_opaqueValue);
        if (error != 0)
        {
            throw new FileCallException(error, "mark opaque", path);
        }
    }

    /// <summary>True for a folder that hides all that the layers below have in it.</summary>
    public static bool IsOpaque(SafeFileHandle folder) =>
        FileCalls.GetAttribute(folder, OpaqueAttribute).AsSpan().SequenceEqual(s_opaqueValue);

    private static void HidePresent(SafeFileHandle parent, byte[] name, string path)
    {
        // A folder would be merged with the one below; anything else hides it as it is.
        var flags = OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow;
        using var folder = FileCalls.TryOpenAt(parent, name, flags, 0, out var error);
        if (error == 0)
        {
            MarkOpaque(folder, path);
        }
    }
}
