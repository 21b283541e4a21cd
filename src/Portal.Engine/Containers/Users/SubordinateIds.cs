using System.Globalization;
using Portal.Engine.Errors;

namespace Portal.Engine.Containers.Users;

/// <summary>The ranges of ids that a host sets apart for its users (subuid(5), subgid(5)).</summary>
/// <param name="folder">Where the files are: <c>/etc</c>.</param>
internal sealed class SubordinateIds(string folder)
{
    // Far more than any host has; the file is the administrator's, but a mistake must not eat all memory.
    private const long LargestFile = 1 << 20;
    private const ulong MostIds = uint.MaxValue - 2;

    // SUB_UID_MIN of login.defs(5).
    private const ulong LowestNew = 100_000;

    /// <summary>Where the ranges of users are.</summary>
    public string UserFile => Path.Combine(folder, "subuid");

    /// <summary>Where the ranges of groups are.</summary>
    public string GroupFile => Path.Combine(folder, "subgid");

    /// <summary>The ranges of a user, in the order of the file.</summary>
    /// <param name="owners">The names by which the user may stand there: name and number.</param>
    public IReadOnlyList<(uint Start, uint Count)> Users(IReadOnlyCollection<string> owners) => Read(UserFile, owners);

    /// <summary>The ranges of a group.</summary>
    public IReadOnlyList<(uint Start, uint Count)> Groups(IReadOnlyCollection<string> owners) => Read(GroupFile, owners);

    /// <summary>The number and the name of an account in <c>passwd</c> or <c>group</c>, whichever of them is given.</summary>
    /// <returns>What is given, and its counterpart where there is one.</returns>
    public IReadOnlyCollection<string> NamesOf(string file, string account)
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { account };
        foreach (var fields in Lines(Path.Combine(folder, file)).Select(line => line.Split(':')))
        {
            if (fields.Length > 2 && (fields[0] == account || fields[2] == account))
            {
                names.Add(fields[0]);
                names.Add(fields[2]);
                break;
            }
        }

        return names;
    }

    /// <summary>
    /// Sets a range apart for a user and the group of the same name, above all that are, as useradd(8) does. Others who read the files,
    /// podman and LXC among them, then leave these ids alone.
    /// </summary>
    public void Add(string owner, uint count)
    {
        var first = Lines(UserFile).Concat(Lines(GroupFile)).Select(End).Append(LowestNew).Max();
        if (first + count > MostIds)
        {
            throw EngineException.InvalidArgument($"{UserFile} and {GroupFile} have no {count} ids left above those that are set apart.");
        }

        foreach (var path in new[] { UserFile, GroupFile })
        {
            var text = File.Exists(path) ? File.ReadAllText(path) : "";
            var separator = text.Length == 0 || text.EndsWith('\n') ? "" : "\n";
            File.AppendAllText(path, string.Create(CultureInfo.InvariantCulture, $"{separator}{owner}:{first}:{count}\n"));
        }
    }

    private static ulong End(string line)
    {
        var fields = line.Split(':');
        return fields.Length == 3
            && uint.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? (ulong)start + count
            : 0;
    }

    private static List<(uint Start, uint Count)> Read(string path, IReadOnlyCollection<string> owners)
    {
        var ranges = new List<(uint, uint)>();
        foreach (var line in Lines(path))
        {
            var fields = line.Split(':');
            if (!owners.Contains(fields[0]))
            {
                continue;
            }

            if (fields.Length != 3
                || !uint.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var start)
                || !uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                || (ulong)start + count > MostIds)
            {
                throw EngineException.InvalidArgument(
                    $"The line '{line}' of {path} is malformed: it must be NAME:START:COUNT (subuid(5)).");
            }

            if (count > 0)
            {
                ranges.Add((start, count));
            }
        }

        return ranges;
    }

    private static IEnumerable<string> Lines(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            return [];
        }

        return file.Length <= LargestFile
            ? File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')
            : throw EngineException.InvalidArgument($"{path} has over {LargestFile} bytes. Take out what no user needs.");
    }
}
