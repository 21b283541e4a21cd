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
    private const int DefaultMode = 0x1ED; // 0755
    private readonly string _root = Path.Combine(options.DataRoot, "builds", "mounts");
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _locks = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _users = new(StringComparer.Ordinal);

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
            folder.Name, "exec.cachemount", "cache mount", files.Measure(folder.FullName),
            new DateTimeOffset(folder.CreationTimeUtc, TimeSpan.Zero), new DateTimeOffset(folder.LastWriteTimeUtc, TimeSpan.Zero), 1,
            _users.GetValueOrDefault(folder.Name) > 0));
    }

    public void Remove(string name) => files.RemoveFolder(Path.Combine(_root, name));

    private CacheHold Hold(string name, MountOptions mount, SemaphoreSlim? gate)
    {
        _users.AddOrUpdate(name, 1, (_, count) => count + 1);
        Directory.CreateDirectory(_root);
        var path = Path.Combine(_root, name);
        files.MakeFolder(path, mount.Mode ?? DefaultMode, mount.UserId, mount.GroupId);
        Directory.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);
        return new CacheHold(path, () =>
        {
            _users.AddOrUpdate(name, 0, (_, count) => count - 1);
            gate?.Release();
        });
    }
}
