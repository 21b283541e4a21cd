using System.Text.Json;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Storage;

namespace Portal.Engine.Builds.Caching;

/// <summary>The limits of the cache: those that were set last, or else the engine's options.</summary>
internal sealed class CacheLimitsFile(EngineOptions options, IDurableFiles files)
{
    private readonly Lock _gate = new();
    private readonly string _path = Path.Combine(options.DataRoot, "builds", "limits.json");
    private BuildCacheLimits? _current;

    public BuildCacheLimits Current
    {
        get
        {
            lock (_gate)
            {
                return _current ??= Read() ?? new BuildCacheLimits(options.BuildCacheBytes);
            }
        }
    }

    public void Set(BuildCacheLimits limits)
    {
        if (limits.MaxBytes < 0 || limits.MaxUnused < TimeSpan.Zero)
        {
            throw EngineException.InvalidArgument("The limits of the build cache can't be negative; 0 bytes is no limit.");
        }

        lock (_gate)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            files.WriteAtomically(_path, JsonSerializer.SerializeToUtf8Bytes(limits, CacheJson.Default.BuildCacheLimits));
            _current = limits;
        }
    }

    private BuildCacheLimits? Read()
    {
        try
        {
            var limits = File.Exists(_path)
                ? JsonSerializer.Deserialize(File.ReadAllBytes(_path), CacheJson.Default.BuildCacheLimits)
                : null;
            return limits is { MaxBytes: >= 0 } ? limits : null;
        }
        catch (JsonException)
        {
            // Somebody else's hand: the engine's own limits hold until others are set.
            return null;
        }
    }
}
