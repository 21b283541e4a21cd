using System.Security.Cryptography;

namespace Portal.Data.Keys;

/// <summary>
/// The key that encrypts the data-protection keys in the database: 32 random bytes in a file of the portal's, so that a copy of the
/// database alone opens nothing. All portals of one database share it.
/// </summary>
/// <remarks>Singleton; any thread. Read or made when it is first needed.</remarks>
public sealed class KeyFile
{
    /// <summary>Bytes of the key.</summary>
    public const int Size = 32;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute
        | UnixFileMode.GroupWrite;

    private readonly Lazy<byte[]> _key;

    /// <param name="path">Where it is.</param>
    /// <param name="mayMake">Whether one is made where there is none.</param>
    public KeyFile(string path, bool mayMake)
    {
        Path = path;
        _key = new Lazy<byte[]>(() => Read(mayMake));
    }

    public string Path { get; }

    /// <summary>Names the key without telling it.</summary>
    public string Id => Convert.ToHexStringLower(HMACSHA256.HashData(_key.Value, "portal key id"u8).AsSpan(0, 8));

    /// <summary>The key.</summary>
    /// <exception cref="InvalidOperationException">The file is missing, open to others, or no key.</exception>
    internal ReadOnlySpan<byte> Value => _key.Value;

    private byte[] Read(bool mayMake)
    {
        if (!File.Exists(Path))
        {
            if (!mayMake)
            {
                throw new InvalidOperationException($"The key file '{Path}' of PORTAL_KEY_FILE is not there.");
            }

            Make();
        }

        if ((File.GetUnixFileMode(Path) & Others) != 0)
        {
            throw new InvalidOperationException(
                $"The key file '{Path}' can be read by others or written by its group. Make it its owner's alone: chmod 600 {Path}");
        }

        var key = new byte[Size];
        var text = File.ReadAllText(Path).Trim();
        return Convert.TryFromBase64String(text, key, out var length) && length == Size
            ? key
            : throw new InvalidOperationException($"The key file '{Path}' holds no key: it must be {Size} bytes in base64.");
    }

    private void Make()
    {
        var folder = System.IO.Path.GetDirectoryName(Path)!;
        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        var temporary = System.IO.Path.Combine(folder, $".{Guid.NewGuid():N}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
        using (var file = new FileStream(temporary, options))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(Size)) + "\n"));
            file.Flush(flushToDisk: true);
        }

        // A portal that was killed in between leaves no half key; two that start at once agree on the first.
        try
        {
            File.Move(temporary, Path, overwrite: false);
        }
        catch (IOException) when (File.Exists(Path))
        {
            File.Delete(temporary);
        }
    }
}
