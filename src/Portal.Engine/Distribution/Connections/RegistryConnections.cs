using System.Collections.Concurrent;
using System.Net;
using Portal.Engine.Hosting;

namespace Portal.Engine.Distribution.Connections;

/// <summary>
/// The connections to registries: one pool for all that need nothing of their own, and one for each set of certificates. Any thread.
/// </summary>
internal sealed class RegistryConnections : IDisposable
{
    private readonly RegistryOptions _options;
    private readonly RegistryProxy _proxy;
    private readonly RegistryPool _plain;

    // By what the folders held when the pool was made: a file that is changed makes a new pool for what comes after.
    private readonly ConcurrentDictionary<string, Lazy<RegistryPool>> _special = new(StringComparer.Ordinal);

    public RegistryConnections(EngineOptions options)
    {
        _options = options.Registries;
        _proxy = new RegistryProxy(_options.Proxy ?? RegistryProxyOptions.FromEnvironment(Environment.GetEnvironmentVariable));
        _plain = Make(new RegistryTrust());
    }

    /// <summary>The proxy for whatever this engine fetches from elsewhere.</summary>
    public IWebProxy Proxy => _proxy;

    /// <summary>The pool for a host on behalf of a registry, which may be another one, such as its token server or its storage.</summary>
    /// <param name="domain">The registry, as in the names of images.</param>
    /// <param name="target">The address.</param>
    /// <exception cref="Errors.EngineException">InvalidArgument: certificates for it can't be read.</exception>
    public RegistryPool For(string domain, Uri target)
    {
        // As with Docker, a registry's authorities also vouch for the hosts that it refers to; its client certificates are for itself.
        var folders = _options.CertificateFolders
            .SelectMany(root => new[] { (root, domain), (root, target.Authority) }.Distinct())
            .Where(pair => IsName(pair.Item2))
            .Select(pair => (
                Path: Path.Combine(pair.root, pair.Item2),
                IsOwn: pair.Item2 == target.Authority || RegistryEndpoints.HostOf(domain) == target.Authority))
            .Where(folder => Directory.Exists(folder.Path))
            .ToList();
        return folders.Count == 0
            ? _plain
            : _special.GetOrAdd(Stamp(folders), _ => new Lazy<RegistryPool>(() => Make(Load(folders)))).Value;
    }

    public void Dispose()
    {
        _plain.Dispose();
        foreach (var pool in _special.Values.Where(pool => pool.IsValueCreated))
        {
            pool.Value.Dispose();
        }
    }

    private RegistryPool Make(RegistryTrust trust)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            Proxy = _proxy,
        };
        return new RegistryPool(handler, trust);
    }

    private static RegistryTrust Load(List<(string Path, bool IsOwn)> folders)
    {
        var trust = new RegistryTrust();
        foreach (var (path, isOwn) in folders)
        {
            trust.Add(path, isOwn);
        }

        return trust;
    }

    private static string Stamp(List<(string Path, bool IsOwn)> folders)
    {
        var files = folders.SelectMany(folder => new DirectoryInfo(folder.Path).EnumerateFiles()
            .OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => $"{folder.IsOwn} {file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}"));
        return string.Join('\n', files);
    }

    // What a redirect names becomes no way out of the folder.
    private static bool IsName(string host) => host is not ("" or "." or "..") && !host.Contains('/', StringComparison.Ordinal);
}
