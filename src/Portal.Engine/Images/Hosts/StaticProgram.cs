using System.Buffers.Binary;

namespace Portal.Engine.Images.Hosts;

/// <summary>Tells programs that run without any library from others (elf(5)).</summary>
internal static class StaticProgram
{
    private const int Interpreter = 3; // PT_INTERP

    /// <summary>True for a 64-bit little-endian ELF program that asks for no dynamic loader.</summary>
    public static bool IsStatic(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> header = stackalloc byte[64];
        if (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length
            || !header.StartsWith("\u007fELF"u8) || header[4] != 2 || header[5] != 1)
        {
            return false;
        }

        var offset = BinaryPrimitives.ReadInt64LittleEndian(header[32..]);
        var size = BinaryPrimitives.ReadUInt16LittleEndian(header[54..]);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(header[56..]);
        Span<byte> type = stackalloc byte[4];
        for (var i = 0; i < count; i++)
        {
            file.Position = offset + ((long)i * size);
            if (file.ReadAtLeast(type, type.Length, throwOnEndOfStream: false) < type.Length
                || BinaryPrimitives.ReadInt32LittleEndian(type) == Interpreter)
            {
                return false;
            }
        }

        return count > 0;
    }
}
