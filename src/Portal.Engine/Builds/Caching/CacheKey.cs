using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Engine.Builds.Caching;

/// <summary>Makes the key of a step from all that goes into it. Each part carries its length, so that no two lists of parts run together.</summary>
internal sealed class CacheKey : IDisposable
{
    // Raised whenever a step comes to mean something else.
    private const string Version = "1";
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public CacheKey(string kind)
    {
        Add(Version).Add(kind);
    }

    public CacheKey Add(string? part)
    {
        var bytes = part is null ? [] : Encoding.UTF8.GetBytes(part);
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, part is null ? -1 : bytes.Length);
        _hash.AppendData(length);
        _hash.AppendData(bytes);
        return this;
    }

    public CacheKey AddAll(IEnumerable<string> parts)
    {
        foreach (var part in parts)
        {
            Add(part);
        }

        return Add(null);
    }

    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();
}
