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
    private readonly Stack<Func<Task>> _cleanUps = new();
    private readonly HashSet<string> _names = [];

    /// <summary>Makes the folders under <c>/var/tmp</c>, which is on a disk, where overlayfs can have its upper folders.</summary>
    public TestInstance()
    {
        // At most 8 characters, as EngineOptions.Name asks for; 36^6 names make a clash between suites unlikely.
        Name = "pt" + RandomNumberGenerator.GetString(NameDigits, 6);
        _names.Add(Name);
        Root = Path.Combine("/var/tmp", $"portal-test-{Name}");
        DataRoot = Path.Combine(Root, "data");
        RunRoot = Path.Combine("/run", $"portal-test-{Name}");
        Directory.CreateDirectory(DataRoot);
        Directory.CreateDirectory(RunRoot);
        TempRoot = Directory.CreateDirectory(Path.Combine(Root, "tmp")).FullName;
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
    public void AlsoNamed(string name) => _names.Add(name);

    private async Task RemoveRemainsAsync()
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

        // Layers hold names that are no UTF-8, which Directory.Delete can't remove.
        await Tool.RunAsync("rm", "-rf", "--one-file-system", Root, RunRoot);
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
