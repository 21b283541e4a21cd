using System.Text;

namespace Portal.Engine.Linux.Volumes;

/// <summary>What is mounted, read from <c>/proc/self/mountinfo</c> (proc_pid_mountinfo(5)): asks nothing of the file systems themselves.</summary>
internal static class MountTable
{
    private const int MountPointField = 4;

    public static bool Has(string folder)
    {
        var wanted = Path.GetFullPath(folder);
        return File.ReadLines("/proc/self/mountinfo").Any(line => PlaceOf(line) == wanted);
    }

    private static string PlaceOf(string line)
    {
        var fields = line.Split(' ', MountPointField + 2);
        return fields.Length > MountPointField ? Decode(fields[MountPointField]) : "";
    }

    // Blanks, tabs, newlines and backslashes are written as three octal digits.
    private static string Decode(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\\' && at + 3 < text.Length)
            {
                plain.Append((char)Convert.ToInt32(text.Substring(at + 1, 3), 8));
                at += 3;
            }
            else
            {
                plain.Append(text[at]);
            }
        }

        return plain.ToString();
    }
}
