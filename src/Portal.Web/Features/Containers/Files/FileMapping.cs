using Portal.Contracts.Files.V1;
using Portal.Web.Features.Files;

namespace Portal.Web.Features.Containers.Files;

/// <summary>Files of the wire as the browser shows them.</summary>
internal static class FileMapping
{
    public static FileItem Map(FileEntry entry)
    {
        var kind = KindOf(entry.Mode);
        return new FileItem
        {
            Name = entry.Name,
            Kind = kind,
            Size = entry.SizeBytes,
            Mode = entry.Mode,
            Modified = entry.ModifiedAt?.ToDateTimeOffset(),
            User = NameOf(entry.UserName, entry.UserId),
            Group = NameOf(entry.GroupName, entry.GroupId),
            LinkTarget = entry.LinkTarget,
            TargetKind = kind == FileKind.Link && entry.TargetMode != 0 ? KindOf(entry.TargetMode) : null,
            IsBroken = kind == FileKind.Link && entry.TargetMode == 0,
            IsMounted = entry.Mounted,
            IsAddressable = !entry.Unaddressable,
        };
    }

    // The types of st_mode (inode(7)).
    private static FileKind KindOf(uint mode) => (mode & 0xF000) switch
    {
        0x8000 => FileKind.File,
        0x4000 => FileKind.Folder,
        0xA000 => FileKind.Link,
        _ => FileKind.Special,
    };

    private static string NameOf(string name, uint id) =>
        name.Length > 0 ? name : id.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
