using System.Text;
using Portal.Engine.Archives;
using Portal.Engine.Builds.Files;

namespace Portal.Engine.Builds.Execution.Copies;

/// <summary>Names of one file stay names of one file, as in Docker: within one source that is copied, not across several.</summary>
internal static class HardLinks
{
    /// <summary>The items, with a link in place of a file that came before by another name.</summary>
    /// <param name="items">In the order in which they are written.</param>
    public static IEnumerable<CopyItem> Of(IEnumerable<CopyItem> items)
    {
        var first = new Dictionary<(CopySource Origin, string Identity), string>();
        foreach (var item in items)
        {
            if (item is not { Entry.Kind: TarEntryKind.File, Origin: { } origin, Source: { } source }
                || origin.Tree.IdentityOf(source) is not { } identity || first.TryAdd((origin, identity), TreePaths.Of(item.Entry)))
            {
                yield return item;
                continue;
            }

            var target = Encoding.UTF8.GetBytes(first[(origin, identity)]);
            yield return new CopyItem(
                item.Entry with { Kind = TarEntryKind.HardLink, LinkBytes = target, Size = 0 }, null, null, origin);
        }
    }
}
