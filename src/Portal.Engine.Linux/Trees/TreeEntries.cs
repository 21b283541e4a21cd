using Microsoft.Win32.SafeHandles;
using Portal.Engine.Archives;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Snapshots.Entries;

namespace Portal.Engine.Linux.Trees;

/// <summary>Describes what is on the disk in the terms of an archive.</summary>
internal static class TreeEntries
{
    private static readonly Dictionary<string, byte[]> s_none = [];

    /// <summary>Null for a socket, which archives can't hold.</summary>
    public static TarEntryKind? KindOf(in FileStat stat) => stat.Type switch
    {
        FileTypes.Regular => TarEntryKind.File,
        FileTypes.Folder => TarEntryKind.Folder,
        FileTypes.SymbolicLink => TarEntryKind.SymbolicLink,
        FileTypes.CharacterDevice => TarEntryKind.CharacterDevice,
        FileTypes.BlockDevice => TarEntryKind.BlockDevice,
        FileTypes.Fifo => TarEntryKind.Fifo,
        _ => null,
    };

    /// <summary>An entry without attributes, link target and data.</summary>
    public static TarEntry Describe(TarEntryKind kind, byte[] path, in FileStat stat)
    {
        var isDevice = kind is TarEntryKind.CharacterDevice or TarEntryKind.BlockDevice;
        return new TarEntry
        {
            Kind = kind,
            PathBytes = path,
            Mode = stat.Mode & 0xFFF,
            UserId = stat.UserId,
            GroupId = stat.GroupId,
            Size = kind == TarEntryKind.File ? stat.Size : 0,
            TimeSeconds = stat.ModificationTime.Seconds,
            TimeNanoseconds = (int)stat.ModificationTime.Nanoseconds,
            DeviceMajor = isDevice ? stat.DeviceMajor : 0,
            DeviceMinor = isDevice ? stat.DeviceMinor : 0,
        };
    }

    /// <summary>The attributes that layers keep.</summary>
    public static IReadOnlyDictionary<string, byte[]> Attributes(SafeFileHandle file, string path)
    {
        var found = s_none;
        foreach (var name in FileCalls.ListAttributes(file, path))
        {
            // The records of an archive end the name at the first equals sign: such a name can't be in one.
            if (EntryAttributes.IsWanted(name) && !name.Contains('=') && FileCalls.GetAttribute(file, name) is { } value)
            {
                found = found.Count == 0 ? [] : found;
                found[name] = value;
            }
        }

        return found;
    }

    /// <summary>True when two things have the same kind, owner, mode and device; of files not their content.</summary>
    public static bool IsAlike(in FileStat left, in FileStat right)
    {
        return left.Mode == right.Mode && left.UserId == right.UserId && left.GroupId == right.GroupId
            && left.DeviceMajor == right.DeviceMajor && left.DeviceMinor == right.DeviceMinor;
    }

    public static bool IsSameTime(in FileStat left, in FileStat right)
    {
        return left.ModificationTime.Seconds == right.ModificationTime.Seconds
            && left.ModificationTime.Nanoseconds == right.ModificationTime.Nanoseconds;
    }

    public static bool AreAlike(IReadOnlyDictionary<string, byte[]> left, IReadOnlyDictionary<string, byte[]> right)
    {
        return left.Count == right.Count
            && left.All(pair => right.TryGetValue(pair.Key, out var value) && value.AsSpan().SequenceEqual(pair.Value));
    }
}
