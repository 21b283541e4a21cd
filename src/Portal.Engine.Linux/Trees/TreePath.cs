using System.Text;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Snapshots.Entries;

namespace Portal.Engine.Linux.Trees;

/// <summary>A path in a container as users write it.</summary>
/// <param name="Bytes">From the root, without a slash before or after it, cleaned of <c>.</c> and <c>..</c>; <c>.</c> for the root.</param>
/// <param name="Name">What its archive calls it.</param>
/// <param name="IsFolder">True when something comes after the last name: a link there is followed, and must lead to a folder.</param>
internal sealed record TreePath(byte[] Bytes, string Name, bool IsFolder)
{
    private const int MaxBytes = 4095;

    /// <exception cref="EngineException">InvalidArgument: empty, too long, or with a NUL.</exception>
    public static TreePath Parse(string path)
    {
        if (path.Length == 0 || path.Contains('\0') || Encoding.UTF8.GetByteCount(path) > MaxBytes)
        {
            throw EngineException.InvalidArgument("bad parameter: the path is empty, too long, or holds a NUL");
        }

        var names = new List<string>();
        foreach (var name in path.Split('/'))
        {
            if (name == "..")
            {
                names.RemoveRange(Math.Max(0, names.Count - 1), Math.Min(1, names.Count));
            }
            else if (name is not ("" or "."))
            {
                names.Add(name);
            }
        }

        var isContent = path is "." || path.EndsWith("/.", StringComparison.Ordinal);
        var last = isContent ? "." : names.Count == 0 ? "/" : names[^1];
        var bytes = names.Count == 0 ? "."u8.ToArray() : Encoding.UTF8.GetBytes(string.Join('/', names));
        return new TreePath(bytes, last, isContent || path.EndsWith('/') || names.Count == 0);
    }

    public IReadOnlyList<byte[]> Names() => RootedTree.Split(Bytes);
}
