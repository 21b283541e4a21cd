using Portal.Web.Features.Files;

namespace Portal.Web.Features.Rest.Files;

/// <summary>A name in a folder.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Size">Bytes of a regular file.</param>
/// <param name="Mode">Permissions in octal, as <c>0644</c>.</param>
/// <param name="Modified">When it was changed last.</param>
/// <param name="User">Its owner.</param>
/// <param name="Group">Its group.</param>
/// <param name="LinkTarget">For a link what is written in it.</param>
/// <param name="IsMounted">Something else is mounted there.</param>
/// <param name="IsAddressable">False when no path leads there: the name's bytes are no text.</param>
internal sealed record FileListItem(
    string Name, FileKind Kind, long Size, string Mode, DateTimeOffset? Modified, string User, string Group, string LinkTarget,
    bool IsMounted, bool IsAddressable)
{
    public static FileListItem Of(FileItem item) => new(
        item.Name, item.Kind, item.Size, Convert.ToString(item.Mode & 0b111_111_111_111, 8).PadLeft(4, '0'), item.Modified, item.User,
        item.Group, item.LinkTarget, item.IsMounted, item.IsAddressable);
}
