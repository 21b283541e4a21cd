using System.Text.Json;
using Portal.Engine.Hosting;
using Portal.Engine.Storage;

namespace Portal.Engine.Builds.Caching;

/// <summary>The records on the disk. Losing one costs a step that runs again, so they are not flushed.</summary>
internal sealed class CacheFolder(EngineOptions options, IDurableFiles files)
{
    private const long MaxBytes = 1 << 20;
    private readonly string _folder = Path.Combine(options.DataRoot, "builds", "cache");

    public IEnumerable<CacheRecord> ReadAll()
    {
        Directory.CreateDirectory(_folder);
        foreach (var path in Directory.EnumerateFiles(_folder))
        {
            if (TryRead(path) is { } record)
            {
                yield return record;
            }
            else
            {
                File.Delete(path);
            }
        }
    }

    public void Write(CacheRecord record)
    {
        Directory.CreateDirectory(_folder);
        var content = JsonSerializer.SerializeToUtf8Bytes(record, CacheJson.Default.CacheRecord);
        files.WriteAtomically(PathOf(record.Key), content, durable: false);
    }

    public void Delete(string key) => File.Delete(PathOf(key));

    private string PathOf(string key) => Path.Combine(_folder, $"{key}.json");

    private static CacheRecord? TryRead(string path)
    {
        try
        {
            var record = new FileInfo(path).Length <= MaxBytes
                ? JsonSerializer.Deserialize(File.ReadAllBytes(path), CacheJson.Default.CacheRecord)
                : null;
            return record?.Key == Path.GetFileNameWithoutExtension(path) ? record : null;
        }
        catch (JsonException)
        {
            // Cut off by a crash of the machine, or a remnant of a write.
            return null;
        }
    }
}
