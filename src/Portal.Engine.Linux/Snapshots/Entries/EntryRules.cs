using Microsoft.Win32.SafeHandles;
using Portal.Engine.Archives;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Linux.Snapshots.Entries;

/// <summary>How entries of an archive become files.</summary>
internal sealed record EntryRules
{
    /// <summary>Those of a layer.</summary>
    public static EntryRules Layer { get; } = new() { IsLayer = true, SetsRoot = true };

    /// <summary>True where whiteouts hide things.</summary>
    public bool IsLayer { get; init; }

    /// <summary>True where the archive's root entry is the folder's own.</summary>
    public bool SetsRoot { get; init; }

    /// <summary>The names of the folder in the tree that all entries are beneath.</summary>
    public IReadOnlyList<byte[]> Below { get; init; } = [];

    /// <summary>Refuse to put a folder in the place of something else, and something else in the place of a folder.</summary>
    public bool KeepsKinds { get; init; }

    /// <summary>Who owns everything; null for whom the archive says.</summary>
    public (uint User, uint Group)? Owner { get; init; }

    /// <summary>What stands on the host for the owners that the archive, or <see cref="Owner"/>, says; null for the same.</summary>
    public IdMapping? Ids { get; init; }

    public TarEntry Apply(TarEntry entry)
    {
        var owned = Owner is { } owner ? entry with { UserId = owner.User, GroupId = owner.Group } : entry;
        return Ids is null ? owned : MappedOwners.ToHost(owned, Ids);
    }

    /// <exception cref="EngineException">InvalidArgument: what is there may not be replaced, in Docker's words.</exception>
    public void CheckReplaced(SafeFileHandle parent, byte[] leaf, TarEntry entry)
    {
        if (!KeepsKinds || FileCalls.TryStat(parent, leaf, out var present) != 0
            || present.IsFolder == (entry.Kind == TarEntryKind.Folder))
        {
            return;
        }

        throw EngineException.InvalidArgument(present.IsFolder
            ? $"cannot overwrite directory \"{entry.Path}\" with non-directory"
            : $"cannot overwrite non-directory \"{entry.Path}\" with directory");
    }
}
