using System.Diagnostics;
using System.Text;
using Portal.Engine.Linux.Interop;
using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Interop;

/// <summary>Paths beneath a root, on a host where something else is being renamed meanwhile.</summary>
public sealed class OpenInTests
{
    private static readonly TimeSpan s_storm = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task TryOpenIn_RenamesElsewhereForLong_WaitsUntilTheyEnd()
    {
        await using var instance = new TestInstance();
        var root = Directory.CreateDirectory(instance.TempPath("root")).FullName;
        Directory.CreateDirectory(root + "/a");
        var elsewhere = Directory.CreateDirectory(instance.TempPath("elsewhere")).FullName;
        using var folder = FileCalls.OpenFolder(root);

        // The kernel looks at each ".." whether anything was renamed since the walk began: with hundreds of them nearly always.
        var path = FileCalls.NulTerminated(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("a/../", 800)) + "a"));
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var renaming = Task.Factory.StartNew(() => Rename(elsewhere, began), TaskCreationOptions.LongRunning);
        await began.Task;

        using var found = FileCalls.TryOpenIn(
            folder, path, OpenFlags.PathOnly | OpenFlags.Directory, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks, out var error);
        await renaming;

        Assert.Equal(0, error);
        Assert.False(found.IsInvalid);
    }

    private static void Rename(string folder, TaskCompletionSource began)
    {
        var (one, other) = (FileCalls.NulTerminated("one"u8), FileCalls.NulTerminated("other"u8));
        using var handle = FileCalls.OpenFolder(folder);
        FileCalls.TryMakeFolder(handle, one, 0x1ED); // 0755
        var since = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(since) < s_storm)
        {
            FileCalls.TryRename(handle, one, handle, other);
            FileCalls.TryRename(handle, other, handle, one);
            began.TrySetResult();
        }
    }
}
