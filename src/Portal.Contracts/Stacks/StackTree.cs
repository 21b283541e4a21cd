using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Contracts.Stacks;

/// <summary>
/// Files that containers of a stack mount, and what names them: portal and agent compute the same digest of the same files, so that what
/// arrived whole is known to be what was sent.
/// </summary>
public static class StackTree
{
    /// <summary>Files of a tree, at most.</summary>
    public const int MostFiles = 500;

    /// <summary>Bytes of a file, at most.</summary>
    public const int LongestFile = 4 << 20;

    /// <summary>Bytes of all files of a tree, at most.</summary>
    public const int LongestTree = 16 << 20;

    /// <summary>The name, below the digest's, of a tree that is one file.</summary>
    public const string FileName = "file";

    /// <summary>The name, below the digest's, of a tree that is a folder.</summary>
    public const string FolderName = "files";

    private const int LongestPath = 512;
    private const int LongestName = 255;
    private const int DeepestPath = 32;
    private const int DigestLength = 64;
    private const int StackIdLength = 32;

    /// <summary>SHA-256 over the files in the order of their paths' bytes, each with all that is said of it, in hexadecimal.</summary>
    /// <param name="files">In any order.</param>
    /// <param name="inMemory">Whether it is to be in memory: what is not must not be taken for it.</param>
    public static string DigestOf(IEnumerable<StackTreeFile> files, bool inMemory)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([inMemory ? (byte)1 : (byte)0]);
        Span<byte> numbers = stackalloc byte[4 * sizeof(int)];
        foreach (var file in files.OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            var path = Encoding.UTF8.GetBytes(file.Path);
            BinaryPrimitives.WriteInt32BigEndian(numbers, path.Length);
            BinaryPrimitives.WriteInt32BigEndian(numbers[4..], file.Mode);
            BinaryPrimitives.WriteInt32BigEndian(numbers[8..], file.UserId);
            BinaryPrimitives.WriteInt32BigEndian(numbers[12..], file.GroupId);
            hash.AppendData(numbers);
            hash.AppendData(path);
            hash.AppendData(SHA256.HashData(file.Content.Span));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>True for 64 hexadecimal digits in lower case.</summary>
    public static bool IsDigest(string text) => text.Length == DigestLength && text.All(char.IsAsciiHexDigitLower);

    /// <summary>True for 32 hexadecimal digits in lower case.</summary>
    public static bool IsStackId(string text) => text.Length == StackIdLength && text.All(char.IsAsciiHexDigitLower);

    /// <summary>True for the whole path of a tree's content: <c>FOLDER/[STACK/]DIGEST/(file|files)</c>, below one of the folders.</summary>
    public static bool IsPlace(string path, IReadOnlyList<string> folders) =>
        folders.FirstOrDefault(folder => path.StartsWith(folder + "/", StringComparison.Ordinal)) is { } folder
        && path[(folder.Length + 1)..].Split('/') is [.. var stack, var digest, FileName or FolderName]
        && IsDigest(digest)
        && (stack.Length == 0 || (stack.Length == 1 && IsStackId(stack[0])));

    /// <summary>
    /// True for a path that stays below the tree's folder: relative, without empty names, dots, backslashes and control characters, not too
    /// long or deep.
    /// </summary>
    public static bool IsPath(string path) =>
        path.Length is > 0 and <= LongestPath
        && !path.Any(letter => char.IsControl(letter) || letter == '\\')
        && path.Split('/') is var names
        && names.Length <= DeepestPath
        && Array.TrueForAll(names, name => name is not ("" or "." or "..") && Encoding.UTF8.GetByteCount(name) <= LongestName);
}
