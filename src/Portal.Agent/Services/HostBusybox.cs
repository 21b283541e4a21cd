using System.Buffers.Binary;

namespace Portal.Agent.Services;

/// <summary>Tells whether the host has a busybox of which an image can be made: statically linked, so that it runs alone.</summary>
internal static class HostBusybox
{
    private const uint InterpreterHeader = 3;
    private static readonly string[] s_paths = ["/bin/busybox", "/usr/bin/busybox"];

    public static bool IsThere() => s_paths.Any(IsStatic);

    /// <summary>True for an ELF program without a PT_INTERP header (elf(5)); false for whatever else.</summary>
    internal static bool IsStatic(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using var file = File.OpenHandle(path);
        var header = new byte[64];
        if (RandomAccess.Read(file, header, 0) < header.Length
            || !header.AsSpan(0, 4).SequenceEqual("\u007fELF"u8)
            || header[4] != 2
            || header[5] != 1)
        {
            return false;
        }

        var offset = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(32));
        var size = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(54));
        var count = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(56));
        var type = new byte[4];
        for (var i = 0; i < count; i++)
        {
            if (offset < 0
                || RandomAccess.Read(file, type, offset + ((long)i * size)) < type.Length
                || BinaryPrimitives.ReadUInt32LittleEndian(type) == InterpreterHeader)
            {
                return false;
            }
        }

        return count > 0;
    }
}
