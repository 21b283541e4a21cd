using Portal.Testing.Processes;

namespace Portal.Testing;

/// <summary>
/// Takes away what test processes that were killed outright have left: bridges, packet rules, mounts, namespaces, cgroups with their
/// containers, helpers that were started for them, and folders. Instances whose process lives are left alone.
/// </summary>
public static class DeadInstances
{
    private const string Lock = "/run/portal-test-sweep.lock";

    /// <summary>Sweeps, unless another process is at it. Never fails: what can't be taken away now is told, and tried by the next.</summary>
    public static async Task SweepAsync()
    {
        using var held = TryLock();
        if (held is null)
        {
            return;
        }

        foreach (var (instance, names) in InstanceOwner.FindDead())
        {
            try
            {
                await KillHelpersAsync(instance);
                await new TestInstance(instance, names).DisposeAsync();
            }
            catch (Exception failure)
            {
                await Console.Error.WriteLineAsync($"What is left of the dead test instance {instance} stays for now: {failure.Message}");
            }
        }
    }

    private static FileStream? TryLock()
    {
        try
        {
            return new FileStream(Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    // Registries, engines, agents: whoever was told a path of the instance, which nobody else has.
    private static async Task KillHelpersAsync(string instance)
    {
        var helpers = Directory.EnumerateDirectories("/proc")
            .Select(path => Path.GetFileName(path)!)
            .Where(name => char.IsAsciiDigit(name[0]) && IsTold(name, $"portal-test-{instance}"))
            .ToArray();
        if (helpers.Length > 0)
        {
            await Tool.TryRunAsync("kill", ["-KILL", .. helpers]);
        }
    }

    private static bool IsTold(string process, string text)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Contains(text, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
