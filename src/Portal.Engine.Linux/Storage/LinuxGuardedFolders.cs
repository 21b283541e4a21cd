using System.Globalization;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Volumes;
using Portal.Engine.Storage;

namespace Portal.Engine.Linux.Storage;

/// <summary>tmpfs mounts and fchown(2).</summary>
internal sealed class LinuxGuardedFolders : IGuardedFolders
{
    private readonly Lock _gate = new();

    public void EnsureInMemory(string path, long bytes)
    {
        lock (_gate)
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            if (!MountTable.Has(path))
            {
                MountCalls.MountGuarded("tmpfs", path, string.Create(CultureInfo.InvariantCulture, $"mode=700,size={bytes}"));
            }
        }
    }

    public void SetOwner(string path, int userId, int groupId, int mode)
    {
        using var handle = FileCalls.TryOpenPath(path, OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.CloseOnExec, out var error);
        Check(error, "open", path);
        Check(FileCalls.TrySetOwner(handle, (uint)userId, (uint)groupId), "change the owner of", path);
        Check(FileCalls.TrySetMode(handle, (uint)mode), "change the mode of", path);
    }

    private static void Check(int error, string what, string path)
    {
        if (error != 0)
        {
            throw new FileCallException(error, what, path);
        }
    }
}
