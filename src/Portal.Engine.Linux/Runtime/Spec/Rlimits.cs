using System.Globalization;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Runtime.Oci.Limits;
using Portal.Engine.Runtime.Limits;

namespace Portal.Engine.Linux.Runtime.Spec;

/// <summary>Limits of processes (getrlimit(2)): their names, and what this host allows.</summary>
internal static class Rlimits
{
    private const int ResourceCapability = 24;

    // Docker's names, with the rows of /proc/self/limits (proc(5)).
    private static readonly Dictionary<string, string> s_rows = new(StringComparer.Ordinal)
    {
        ["core"] = "Max core file size",
        ["cpu"] = "Max cpu time",
        ["data"] = "Max data size",
        ["fsize"] = "Max file size",
        ["locks"] = "Max file locks",
        ["memlock"] = "Max locked memory",
        ["msgqueue"] = "Max msgqueue size",
        ["nice"] = "Max nice priority",
        ["nofile"] = "Max open files",
        ["nproc"] = "Max processes",
        ["rss"] = "Max resident set",
        ["rtprio"] = "Max realtime priority",
        ["rttime"] = "Max realtime timeout",
        ["sigpending"] = "Max pending signals",
        ["stack"] = "Max stack size",
    };

    /// <exception cref="EngineException">InvalidArgument: with every problem.</exception>
    public static IReadOnlyList<OciRlimit>? Translate(IReadOnlyList<Ulimit> ulimits)
    {
        var problems = Problems(ulimits).ToList();
        if (problems.Count > 0)
        {
            throw EngineException.InvalidArgument(string.Join("; ", problems));
        }

        return ulimits.Count == 0
            ? null
            : [.. ulimits.Select(ulimit =>
                new OciRlimit("RLIMIT_" + ulimit.Name.ToUpperInvariant(), ToKernel(ulimit.Hard), ToKernel(ulimit.Soft)))];
    }

    /// <summary>What is wrong with limits on this host.</summary>
    public static IEnumerable<string> Problems(IReadOnlyList<Ulimit> ulimits)
    {
        return ulimits.Count == 0
            ? []
            : Problems(
                ulimits,
                File.ReadAllLines("/proc/self/limits"),
                (CapabilitySet.ReadHeld() & (1UL << ResourceCapability)) != 0,
                ReadMostFiles());
    }

    internal static IEnumerable<string> Problems(
        IReadOnlyList<Ulimit> ulimits, IReadOnlyList<string> hostLimits, bool mayRaise, ulong mostFiles)
    {
        foreach (var ulimit in ulimits)
        {
            if (!s_rows.TryGetValue(ulimit.Name, out var row))
            {
                yield return $"invalid ulimit type: {ulimit.Name}";
                continue;
            }

            var (soft, hard) = (ToKernel(ulimit.Soft), ToKernel(ulimit.Hard));
            if (soft > hard)
            {
                yield return $"ulimit {ulimit.Name}: soft limit must be less than or equal to hard limit: {ulimit.Soft} > {ulimit.Hard}";
            }

            // Nobody may go beyond fs.nr_open, and only CAP_SYS_RESOURCE beyond the hard limit of who asks (setrlimit(2)).
            var most = mayRaise ? ulong.MaxValue : HardLimit(hostLimits, row);
            most = ulimit.Name == "nofile" ? Math.Min(most, mostFiles) : most;
            if (hard > most)
            {
                var asked = ulimit.Hard < 0 ? "unlimited" : ulimit.Hard.ToString(CultureInfo.InvariantCulture);
                yield return $"ulimit {ulimit.Name}: the hard limit {asked} is above what this host allows, which is {most}; "
                    + "ask for less, or raise the limit of the engine's own process";
            }
        }
    }

    private static ulong HardLimit(IReadOnlyList<string> lines, string row)
    {
        var line = lines.FirstOrDefault(line => line.StartsWith(row + " ", StringComparison.Ordinal));
        var fields = line?[row.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        return fields.Length > 1 && ulong.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var hard)
            ? hard
            : ulong.MaxValue;
    }

    private static ulong ReadMostFiles()
    {
        return ulong.Parse(File.ReadAllText("/proc/sys/fs/nr_open").Trim(), NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private static ulong ToKernel(long value) => value < 0 ? ulong.MaxValue : (ulong)value;
}
