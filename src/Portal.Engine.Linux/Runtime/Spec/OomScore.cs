using System.Globalization;

namespace Portal.Engine.Linux.Runtime.Spec;

/// <summary>The score by which the kernel chooses whom to kill (proc_pid_oom_score_adj(5)).</summary>
internal static class OomScore
{
    private const int ResourceCapability = 24;

    /// <summary>What the runtime is told; null to leave the engine's own, which must not protect a container by accident.</summary>
    public static int? Translate(int asked)
    {
        return asked != 0 || ReadOwn() < 0 ? asked : null;
    }

    /// <summary>What is wrong with a score on this host; null for nothing.</summary>
    public static string? Problem(int asked) => Problem(asked, ReadOwn(), (CapabilitySet.ReadHeld() & (1UL << ResourceCapability)) != 0);

    /// <summary>Gives a process a higher one; crun leaves that of an exec as it is. One that has ended meanwhile needs none.</summary>
    public static void TrySet(int processId, int score)
    {
        try
        {
            File.WriteAllText(
                string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/oom_score_adj"), score.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It runs, or ran, with the engine's own, which is lower.
            return;
        }
    }

    internal static string? Problem(int asked, int own, bool mayLower)
    {
        return asked < 0 && asked < own && !mayLower
            ? $"oom score adj {asked} is below what this host allows, which is {own}: the engine may not lower it (no CAP_SYS_RESOURCE)"
            : null;
    }

    private static int ReadOwn()
    {
        return int.Parse(File.ReadAllText("/proc/self/oom_score_adj").Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
    }
}
