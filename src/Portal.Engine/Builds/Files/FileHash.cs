using System.Buffers;
using System.Security.Cryptography;

namespace Portal.Engine.Builds.Files;

/// <summary>Hashes files in pieces that are large enough: the framework reads 4 KiB at a time.</summary>
public static class FileHash
{
    private const int BufferSize = 128 * 1024;

    /// <summary>The SHA-256 of the rest of a stream, 64 lower-case hexadecimal digits.</summary>
    public static string Of(Stream stream)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (stream.Read(buffer, 0, buffer.Length) is var read and > 0)
            {
                hash.AppendData(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
