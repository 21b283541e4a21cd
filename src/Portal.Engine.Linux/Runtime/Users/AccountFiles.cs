using System.Globalization;
using System.Text;
using Portal.Engine.Linux.Interop;

namespace Portal.Engine.Linux.Runtime.Users;

/// <summary>
/// A container's passwd and group. Whoever made the image, or runs in the container, writes them: they are read
/// beneath the container's
/// root only, up to a bound, and lines that are not of the form are skipped.
/// </summary>
internal static class AccountFiles
{
    private const int Limit = 4 << 20;
    private const int LineLimit = 64 << 10;
    private const uint HighestId = int.MaxValue;

    public static IEnumerable<PasswdEntry> ReadPasswd(string root) => ParsePasswd(ReadText(root, "etc/passwd"));

    public static IEnumerable<GroupEntry> ReadGroup(string root) => ParseGroup(ReadText(root, "etc/group"));

    internal static IEnumerable<PasswdEntry> ParsePasswd(string text)
    {
        foreach (var fields in Lines(text))
        {
            if (fields.Length >= 6 && fields[0].Length > 0 && ParseId(fields[2]) is { } uid && ParseId(fields[3]) is { } gid)
            {
                yield return new PasswdEntry(fields[0], uid, gid, fields[5]);
            }
        }
    }

    internal static IEnumerable<GroupEntry> ParseGroup(string text)
    {
        foreach (var fields in Lines(text))
        {
            if (fields.Length >= 3 && fields[0].Length > 0 && ParseId(fields[2]) is { } gid)
            {
                var members = fields.Length > 3 ? fields[3].Split(',', StringSplitOptions.RemoveEmptyEntries) : [];
                yield return new GroupEntry(fields[0], gid, members);
            }
        }
    }

    /// <summary>A user's or group's number; null when it is none, or beyond what the kernel's interfaces take.</summary>
    internal static uint? ParseId(string text)
    {
        return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id <= HighestId ? id : null;
    }

    private static IEnumerable<string[]> Lines(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            if (line.Length is > 0 and <= LineLimit && line[0] != '#')
            {
                yield return line.TrimEnd('\r').Split(':');
            }
        }
    }

    private static string ReadText(string root, string path)
    {
        return RootedFiles.ReadBounded(root, path, Limit) is { } bytes ? Encoding.UTF8.GetString(bytes) : "";
    }
}
