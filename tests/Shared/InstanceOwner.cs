using System.Globalization;

namespace Portal.Testing;

/// <summary>
/// Which process a <see cref="TestInstance"/> belongs to: a file <c>/run/portal-test-NAME.owner</c> with the process's number and
/// start time, since numbers are used again, and the names that the instance's kernel objects carry. It is written before any of
/// them is made, and removed after all of them.
/// </summary>
internal static class InstanceOwner
{
    private const string Folder = "/run";
    private const string Prefix = "portal-test-";
    private const string Suffix = ".owner";

    public static void Write(string instance, IEnumerable<string> names)
    {
        var path = PathOf(instance);
        var temporary = path + ".new";
        File.WriteAllLines(temporary, [Identify(Environment.ProcessId)!, .. names]);
        File.Move(temporary, path, overwrite: true);
    }

    public static void Remove(string instance) => File.Delete(PathOf(instance));

    /// <summary>The instances whose process is gone, and the names of their kernel objects.</summary>
    public static IReadOnlyList<(string Instance, string[] Names)> FindDead()
    {
        var dead = new List<(string Instance, string[] Names)>();
        foreach (var path in Directory.GetFiles(Folder, Prefix + "*" + Suffix))
        {
            if (TryRead(path) is [var owner, .. var names] && Identify(ProcessOf(owner)) != owner)
            {
                dead.Add((Path.GetFileName(path)[Prefix.Length..^Suffix.Length], names));
            }
        }

        return dead;
    }

    private static string PathOf(string instance) => Path.Combine(Folder, Prefix + instance + Suffix);

    private static int ProcessOf(string owner) => int.Parse(owner.Split(' ')[0], CultureInfo.InvariantCulture);

    private static string[] TryRead(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (FileNotFoundException)
        {
            // Its process disposed it meanwhile.
            return [];
        }
    }

    /// <summary>A process's number and its start time in clock ticks since the boot; null when there is none.</summary>
    private static string? Identify(int processId)
    {
        try
        {
            // The name, in parentheses, may hold blanks; the start time is the 20th field after it (proc_pid_stat(5)).
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            return $"{processId} {stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19]}";
        }
        catch (IOException)
        {
            return null;
        }
    }
}
