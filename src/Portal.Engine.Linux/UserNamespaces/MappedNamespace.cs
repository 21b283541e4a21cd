using System.Globalization;
using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Linux.UserNamespaces;

/// <summary>Makes user namespaces in which ids stand for other ids of the host.</summary>
internal static class MappedNamespace
{
    /// <summary>Runs something while a process is in a new one. The namespace ends with it unless it is held.</summary>
    /// <exception cref="IOException">It can't be made, or the kernel refuses the mapping.</exception>
    public static T Make<T>(IReadOnlyList<IdRange> users, IReadOnlyList<IdRange> groups, Func<string, T> use)
    {
        return NamespaceProcess.Run(["unshare", "--user"], process =>
        {
            Write($"{process}/uid_map", users);
            Write($"{process}/gid_map", groups);
            return use(process);
        });
    }

    private static void Write(string path, IReadOnlyList<IdRange> ranges)
    {
        // All at once: the kernel takes one write(2) in the life of a namespace.
        var lines = ranges.Select(range => string.Create(
            CultureInfo.InvariantCulture, $"{range.Inside} {range.Outside} {range.Count}\n"));
        try
        {
            File.WriteAllText(path, string.Concat(lines));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The kernel refuses the ids {string.Join(", ", ranges)}: {failure.Message}", failure);
        }
    }
}
