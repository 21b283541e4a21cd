using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Portal.Engine.Builds.Files;
using Portal.Engine.Hosting;

namespace Portal.Engine.Builds.Execution.Mounts;

/// <summary>
/// The folders of <c>RUN --mount=type=cache</c>. A mount is always a whole folder of these, never a path within one, so that nothing that a
/// step puts there decides what another one mounts (CVE-2024-23651).
/// </summary>
internal sealed class CacheMounts(EngineOptions options, IRootFiles files, TimeProvider time)
{
    /// <summary>See <see cref="BuildCacheEntry.Kind"/>.</summary>
    public const string Kind = "exec.cachemount";

    private const int DefaultMode = 0x1ED; // 0755
    private readonly string _root = Path.Combine(options.DataRoot, "builds", "mounts");
    private readonly Lock _removing = new();
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _locks = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _users = new(StringComparer.Ordinal);

    // A folder may hold very many files: what nothing has written to since is not measured again.
    private readonly ConcurrentDictionary<string, long> _sizes = new(StringComparer.Ordinal);

    /// <summary>Takes the folder of a cache for one step.</summary>
    public async Task<CacheHold> TakeAsync(MountOptions mount, string id, CancellationToken cancellationToken)
    {
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
        if (mount.Sharing == "locked")
        {
            var gate = _locks.GetOrAdd(key, _ => new SemaphoreSlim(1, 1));
            await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            return Hold(key, mount, gate);
        }

        var name = key;
        for (var number = 1; mount.Sharing == "private" && _users.GetValueOrDefault(name) > 0; number++)
        {
            name = $"{key}-{number}";
        }

        return Hold(name, mount, null);
    }

    public IEnumerable<BuildCacheEntry> List()
    {
        if (!Directory.Exists(_root))
        {
            return [];
        }

        return new DirectoryInfo(_root).EnumerateDirectories().Select(folder => new BuildCacheEntry(
            folder.Name, Kind, "cache mount", Measure(folder),
            new DateTimeOffset(folder.CreationTimeUtc, TimeSpan.Zero), new DateTimeOffset(folder.LastWriteTimeUtc, TimeSpan.Zero), 1,
            _users.GetValueOrDefault(folder.Name) > 0));
    }

    /// <summary>Removes a folder, unless a step uses it.</summary>
    public bool TryRemove(string name)
    {
        lock (_removing)
        {
            if (_users.GetValueOrDefault(name) > 0)
            {
                return false;
            }

            files.RemoveFolder(Path.Combine(_root, name));
            _sizes.TryRemove(name, out _);
            return true;
        }
    }

    private long Measure(DirectoryInfo folder)
    {
        if (_users.GetValueOrDefault(folder.Name) > 0)
        {
            return files.Measure(folder.FullName);
        }

        return _sizes.GetOrAdd(folder.Name, _ => files.Measure(folder.FullName));
    }

    private CacheHold Hold(string name, MountOptions mount, SemaphoreSlim? gate)
    {
        var path = Path.Combine(_root, name);
        lock (_removing)
        {
            _users.AddOrUpdate(name, 1, (_, count) => count + 1);
            _sizes.TryRemove(name, out _);
            Directory.CreateDirectory(_root);
            files.MakeFolder(path, mount.Mode ?? DefaultMode, mount.UserId, mount.GroupId);
            Directory.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);
        }

        return new CacheHold(path, () =>
        {
            _sizes.TryRemove(name, out _);
            _users.AddOrUpdate(name, 0, (_, count) => count - 1);
            gate?.Release();
        });
    }
}
