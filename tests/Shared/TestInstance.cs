using System.Security.Cryptography;
using Portal.Testing.Processes;

namespace Portal.Testing;

/// <summary>
/// Folders and a name of its own for one engine instance in a test. Disposing runs the clean-ups that were registered, newest
/// first, ends what still runs under the instance's name, and takes away every mount beneath the folders, the instance's
/// bridge, packet rules and cgroups, and the folders.
/// </summary>
public sealed class TestInstance : IAsyncDisposable
{
    private const string NameDigits = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static readonly Lazy<Task> s_sweep = new(() => Task.Run(DeadInstances.SweepAsync));
    private readonly Stack<Func<Task>> _cleanUps = new();
    private readonly HashSet<string> _names = [];

    /// <summary>Makes the folders under <c>/var/tmp</c>, which is on a disk, where overlayfs can have its upper folders.</summary>
    /// <remarks>The first one of a process takes away what test processes that were killed have left.</remarks>
    public TestInstance()
        : this(NewName(), [])
    {
        s_sweep.Value.GetAwaiter().GetResult();
        InstanceOwner.Write(Name, _names);
        Directory.CreateDirectory(DataRoot);
        Directory.CreateDirectory(RunRoot);
        Directory.CreateDirectory(TempRoot);
    }

    /// <summary>An instance that another process made and that has lost it: to be disposed.</summary>
    internal TestInstance(string name, IEnumerable<string> names)
    {
        Name = name;
        _names.UnionWith([name, .. names]);
        Root = Path.Combine("/var/tmp", $"portal-test-{Name}");
        DataRoot = Path.Combine(Root, "data");
        RunRoot = Path.Combine("/run", $"portal-test-{Name}");
        TempRoot = Path.Combine(Root, "tmp");
    }

    /// <summary>1 to 8 characters of <c>[a-z0-9]</c>: for <c>EngineOptions.Name</c>.</summary>
    public string Name { get; }

    /// <summary>Holds <see cref="DataRoot"/> and <see cref="TempRoot"/>.</summary>
    public string Root { get; }

    /// <summary>For <c>EngineOptions.DataRoot</c>.</summary>
    public string DataRoot { get; }

    /// <summary>For <c>EngineOptions.RunRoot</c>; short, because socket paths hold 107 bytes (unix(7)).</summary>
    public string RunRoot { get; }

    /// <summary>For the test's own files.</summary>
    public string TempRoot { get; }

    /// <summary>Registers something to do on disposal, before mounts and folders go.</summary>
    public void OnDispose(Func<Task> cleanUp) => _cleanUps.Push(cleanUp);

    /// <summary>A path beneath <see cref="TempRoot"/>.</summary>
    public string TempPath(string name) => Path.Combine(TempRoot, name);

    public async ValueTask DisposeAsync()
    {
        var failures = new List<Exception>();
        while (_cleanUps.TryPop(out var cleanUp))
        {
            await TryAsync(failures, cleanUp);
        }

        await TryAsync(failures, RemoveRemainsAsync);
        if (failures.Count > 0)
        {
            throw new AggregateException("Cleaning up after a test failed.", failures);
        }
    }

    /// <summary>Another name that kernel objects of this test carry; they go with the instance.</summary>
    public void AlsoNamed(string name)
    {
        _names.Add(name);
        InstanceOwner.Write(Name, _names);
    }

    // At most 8 characters, as EngineOptions.Name asks for; 36^6 names make a clash between suites unlikely.
    private static string NewName() => "pt" + RandomNumberGenerator.GetString(NameDigits, 6);

    /// <summary>
    /// As a reboot does: ends everything, takes everything out of the kernel, and empties <see cref="RunRoot"/>. What is on the disk
    /// stays.
    /// </summary>
    public async Task RebootAsync()
    {
        await RemoveFromKernelAsync();
        await Tool.RunAsync("rm", "-rf", "--one-file-system", RunRoot);
        Directory.CreateDirectory(RunRoot);
    }

    private async Task RemoveRemainsAsync()
    {
        await RemoveFromKernelAsync();

        // Layers hold names that are no UTF-8, which Directory.Delete can't remove.
        await Tool.RunAsync("rm", "-rf", "--one-file-system", Root, RunRoot);
        InstanceOwner.Remove(Name);
    }

    private async Task RemoveFromKernelAsync()
    {
        var remains = _names.Select(name => new InstanceRemains(name)).ToList();
        foreach (var part in remains)
        {
            await part.KillAsync();
        }

        foreach (var mountPoint in FindMounts())
        {
            await Tool.RunAsync("umount", "--lazy", mountPoint);
        }

        foreach (var part in remains)
        {
            await part.RemoveAsync();
        }
    }

    private static async Task TryAsync(List<Exception> failures, Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (Exception failure)
        {
            failures.Add(failure);
        }
    }

    private List<string> FindMounts()
    {
        // Fifth field of each line, innermost mount last (proc_pid_mountinfo(5)).
        return File.ReadLines("/proc/self/mountinfo")
            .Select(line => line.Split(' ')[4])
            .Where(path => path.StartsWith(Root + "/", StringComparison.Ordinal)
                || path.StartsWith(RunRoot + "/", StringComparison.Ordinal))
            .Reverse()
            .ToList();
    }
}
