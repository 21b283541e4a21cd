namespace Portal.Web.Features.Files;

/// <summary>The beginning of a file.</summary>
/// <param name="Item">What the file is.</param>
/// <param name="Bytes">Its first bytes; all of them when <see cref="IsWhole"/>.</param>
public sealed record FileContent(FileItem Item, ReadOnlyMemory<byte> Bytes)
{
    public bool IsWhole => Bytes.Length >= Item.Size;
}
