using System.Globalization;
using Portal.Engine.Archives;
using Portal.Engine.Builds.Caching;

namespace Portal.Engine.Builds.Execution.Copies;

/// <summary>Puts what is copied into a key: names, kinds, modes, owners where they are kept, links, attributes, content. No times.</summary>
internal static class CopyDigest
{
    public static string Of(IEnumerable<CopySource> sources, CopyOptions options)
    {
        var all = sources.ToList();
        var files = all.SelectMany(source => Entries(source, options).Select(found => (source.Tree, found.Entry)))
            .Where(file => file.Entry.Kind == TarEntryKind.File)
            .ToList();

        // The content of each file is independent of the others': hashing it is most of the work where files are large.
        var digests = new string[files.Count];
        Parallel.For(0, files.Count, index => digests[index] = files[index].Tree.DigestOf(files[index].Entry));
        using var key = new CacheKey("files");
        var next = 0;
        foreach (var source in all)
        {
            key.Add(source.IsFolder ? "folder" : "file").Add(source.IsFolder ? "" : source.Name).Add(source.Kept);
            var names = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (path, entry) in Entries(source, options))
            {
                Add(key, path, entry, options);
                if (entry.Kind == TarEntryKind.File && source.Tree.IdentityOf(entry) is { } identity && !names.TryAdd(identity, path))
                {
                    key.Add("link").Add(names[identity]);
                }

                key.Add(entry.Kind == TarEntryKind.File ? digests[next++] : null);
            }
        }

        return key.Finish();
    }

    private static IEnumerable<(string Path, TarEntry Entry)> Entries(CopySource source, CopyOptions options) =>
        source.IsFolder ? source.Walk(options.Excludes).Prepend(("", source.Entry)) : [("", source.Entry)];

    private static void Add(CacheKey key, string path, TarEntry entry, CopyOptions options)
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
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
