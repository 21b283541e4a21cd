using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Interop.Threads;

namespace Portal.Engine.Linux.Runtime.Invoking;

/// <summary>
/// The host's mounts as they are now, with an empty folder in place of the version 2 cgroup tree that is beside version 1: crun refuses hosts
/// where it sees both. A mount namespace that nothing but a descriptor holds, for one run of crun. The descriptor's number is known from the
/// beginning; the namespace is there when somebody looks.
/// </summary>
/// <remarks>
/// <para>
/// Made anew for each run, in a fifth of a millisecond: one that is kept would show neither file systems that are mounted later (where the
/// host's mounts are not shared) nor let go of those that the host unmounts. Monitors stay outside of it for that reason.
/// </para>
/// <para>All else is as the host has it, also which mounts are passed on, so that volumes keep the propagation that they are asked for.</para>
/// </remarks>
internal sealed class CgroupView : IDisposable
{
    private const string OwnMounts = "/proc/thread-self/ns/mnt";

    private static readonly KeptThreads s_threads = new("mounts", GoHome);

    private readonly string _unified;
    private readonly SafeFileHandle _namespace;

    /// <param name="unified">Where the version 2 tree is mounted.</param>
    /// <exception cref="FileCallException">The kernel does not let us.</exception>
    public CgroupView(string unified)
    {
        _unified = unified;
        _namespace = NamespaceCalls.Open(OwnMounts);
        Path = string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{_namespace.DangerousGetHandle()}");
    }

    /// <summary>Where the namespace is, for nsenter(1). Until <see cref="Look"/> it is the engine's own.</summary>
    public string Path { get; }

    /// <summary>Takes the mounts as they are now.</summary>
    /// <exception cref="FileCallException">The kernel does not let us.</exception>
    public void Look() => s_threads.Run(() =>
    {
        NamespaceCalls.UnshareMounts();
        MountCalls.Cover(_unified);
        using var own = NamespaceCalls.Open(OwnMounts);
        NamespaceCalls.Replace(_namespace, own);
        return true;
    });

    // The kernel takes its copies of all mounts away at that, which nobody needs to wait for.
    public void Dispose() => ThreadPool.UnsafeQueueUserWorkItem(static handle => handle.Dispose(), _namespace, preferLocal: false);

    private static Action GoHome()
    {
        var home = NamespaceCalls.Open(OwnMounts);
        return () => NamespaceCalls.EnterMounts(home, OwnMounts);
    }
}
