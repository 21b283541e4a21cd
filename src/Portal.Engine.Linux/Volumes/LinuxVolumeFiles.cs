using System.Text;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Interop.Folders;
using Portal.Engine.Linux.Runtime;
using Portal.Engine.Volumes.Drivers;

namespace Portal.Engine.Linux.Volumes;

/// <summary>Volumes' files on Linux.</summary>
internal sealed class LinuxVolumeFiles : IVolumeFiles
{
    public async Task CopyAsync(string root, string path, string target, CancellationToken cancellationToken)
    {
        using var folder = FileCalls.OpenFolder(root);
        var name = FileCalls.NulTerminated(Encoding.UTF8.GetBytes(path));
        using var source = FileCalls.TryOpenIn(
            folder, name, OpenFlags.ReadOnly | OpenFlags.Directory, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks, out var error);
        if (source.IsInvalid)
        {
            // Nothing there, or no folder: then the volume begins empty.
            if (error is Errno.NoEntry or Errno.NotFolder)
            {
                return;
            }

            throw new FileCallException(error, "open folder", path);
        }

        // Through the open folder, so that what was resolved is what is copied. cp(1) keeps owners, modes, times, links, holes and
        // extended attributes, and follows no link within.
        var opened = $"/proc/{Environment.ProcessId}/fd/{source.DangerousGetHandle()}/.";
        var result = await Command.RunAsync(Programs.Find("cp") ?? "/bin/cp", ["-a", "--", opened, target], cancellationToken).ConfigureAwait(false);
        if (result.ExitCode != 0)
        {
            var isFull = result.Error.Contains("No space left", StringComparison.Ordinal);
            throw new EngineException(
                isFull ? EngineErrorKind.Unavailable : EngineErrorKind.Internal,
                $"Copying '{path}' of the image into its volume failed: {result.Error.Trim()}");
        }
    }

    public void Adopt(string folder, uint user, uint group)
    {
        using var opened = FileCalls.OpenFolder(folder);
        if (FileCalls.Stat(opened, folder).UserId != 0)
        {
            return;
        }

        var error = FileCalls.TrySetOwner(opened, user, group);
        if (error != 0)
        {
            throw new FileCallException(error, "set owner", folder);
        }
    }

    public void Remove(string folder)
    {
        // What is mounted in it is not the volume's: the host's own files may be behind it.
        using var parent = FileCalls.OpenFolder(Path.GetDirectoryName(folder)!);
        FolderTree.RemoveAt(parent, FileCalls.NulTerminated(Encoding.UTF8.GetBytes(Path.GetFileName(folder))), folder, keepsMounts: true);
    }

    public long Measure(string folder) => FolderTree.Measure(folder);
}
