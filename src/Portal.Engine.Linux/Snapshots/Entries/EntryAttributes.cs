using Microsoft.Win32.SafeHandles;
using Portal.Engine.Archives;
using Portal.Engine.Linux.Interop;

namespace Portal.Engine.Linux.Snapshots.Entries;

/// <summary>Owner, mode, extended attributes and time of what an archive made.</summary>
internal static class EntryAttributes
{
    private const string OverlayPrefix = "trusted.overlay.";

    /// <summary>Owner, then mode: a change of owner clears set-uid and set-gid.</summary>
    public static void ApplyOwner(SafeFileHandle handle, TarEntry entry)
    {
        Check(FileCalls.TrySetOwner(handle, entry.UserId, entry.GroupId), "set owner", entry);
        Check(FileCalls.TrySetMode(handle, (uint)entry.Mode), "set mode", entry);
    }

    /// <summary>Owner, mode and time of what can't be opened: links, devices, pipes.</summary>
    public static void ApplyAt(SafeFileHandle folder, byte[] leaf, TarEntry entry)
    {
        Check(FileCalls.TrySetOwnerAt(folder, leaf, entry.UserId, entry.GroupId), "set owner", entry);
        if (entry.Kind != TarEntryKind.SymbolicLink)
        {
            Check(FileCalls.TrySetModeAt(folder, leaf, (uint)entry.Mode), "set mode", entry);
        }

        Check(FileCalls.TrySetTimesAt(folder, leaf, Time(entry)), "set time", entry);
    }

    /// <summary>Attributes that mean something to a container: its own, file capabilities and access lists. Others are
    /// the host's business.</summary>
    public static void ApplyExtended(SafeFileHandle handle, TarEntry entry)
    {
        foreach (var (name, value) in entry.ExtendedAttributes)
        {
            if (name.StartsWith(OverlayPrefix, StringComparison.Ordinal))
            {
                // They would make overlayfs show other files than the layer holds.
                throw new TarFormatException($"'{entry.Path}' has the attribute '{name}', which layers may not have");
            }

            if (!IsWanted(name))
            {
                continue;
            }

            var error = FileCalls.TrySetAttribute(handle, name, value);
            if (error is not (0 or Errno.NotSupported))
            {
                throw error is Errno.Invalid or Errno.NoSpace or Errno.TooBig
                    ? new TarFormatException($"the attribute '{name}' of '{entry.Path}' is not one that this file system can keep")
                    : new FileCallException(error, $"set attribute {name}", entry.Path);
            }
        }
    }

    public static void ApplyTime(SafeFileHandle handle, TarEntry entry)
    {
        Check(FileCalls.TrySetTimes(handle, Time(entry)), "set time", entry);
    }

    /// <summary>True for attributes that layers keep.</summary>
    public static bool IsWanted(string name)
    {
        return name is "security.capability" or "system.posix_acl_access" or "system.posix_acl_default"
            || (name.StartsWith("user.", StringComparison.Ordinal) && !name.Contains('\0') && name.Length <= 255);
    }

    private static FileTime Time(TarEntry entry) =>
        new() { Seconds = entry.TimeSeconds, Nanoseconds = entry.TimeNanoseconds };

    private static void Check(int error, string what, TarEntry entry)
    {
        if (error != 0)
        {
            throw new FileCallException(error, what, entry.Path);
        }
    }
}
