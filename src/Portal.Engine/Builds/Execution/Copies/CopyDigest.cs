using System.Globalization;
using Portal.Engine.Archives;
using Portal.Engine.Builds.Caching;

namespace Portal.Engine.Builds.Execution.Copies;

/// <summary>Puts what is copied into a key: names, kinds, modes, owners where they are kept, links, attributes, content. No times.</summary>
internal static class CopyDigest
{
    public static string Of(IEnumerable<CopySource> sources, CopyOptions options)
    {
        using var key = new CacheKey("files");
        foreach (var source in sources)
        {
            key.Add(source.IsFolder ? "folder" : "file").Add(source.IsFolder ? "" : source.Name).Add(source.Kept);
            Add(key, source, "", source.Entry, options);
            if (source.IsFolder)
            {
                foreach (var (path, entry) in source.Walk(options.Excludes))
                {
                    Add(key, source, path, entry, options);
                }
            }
        }

        return key.Finish();
    }

    private static void Add(CacheKey key, CopySource source, string path, TarEntry entry, CopyOptions options)
    {
        key.Add(path).Add(entry.Kind.ToString()).Add(Text(options.Mode?.Apply(entry) ?? entry.Mode));
        if (options.Owner is null)
        {
            key.Add(Text(entry.UserId)).Add(Text(entry.GroupId));
        }

        key.Add(Convert.ToHexString(entry.LinkBytes)).Add(Text(entry.DeviceMajor)).Add(Text(entry.DeviceMinor));
        foreach (var (name, value) in entry.ExtendedAttributes.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            key.Add(name).Add(Convert.ToHexString(value));
        }

        key.Add(entry.Kind == TarEntryKind.File ? source.Tree.DigestOf(entry) : null);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
