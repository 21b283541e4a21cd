using System.Collections.Concurrent;
using System.Net;
using Portal.Engine.Distribution.Logins;
using Portal.Engine.Hosting;

namespace Portal.Engine.Distribution.Connections;

/// <summary>
/// Where a registry is reached. TLS always, except for loopback addresses and configured registries: those are asked for TLS first and
/// spoken to in the clear when they have none.
/// </summary>
internal sealed class RegistryEndpoints(
    EngineOptions options, RegistryHttp http, RegistryPolicy policy, RegistryLogins logins, TimeProvider time)
{
    private const string DockerHub = "docker.io";
    private static readonly TimeSpan s_remembered = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<string, (RegistryEndpoint Endpoint, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);

    /// <summary>The host of a registry in the names of images.</summary>
    public static string HostOf(string domain) => domain == DockerHub ? "registry-1.docker.io" : domain;

    /// <summary>The registry's mirrors, in order of trial.</summary>
    public IEnumerable<RegistryEndpoint> FindMirrors(string domain)
    {
        return options.Registries.Mirrors
            .Where(mirror => mirror.Registry == domain)
            .Select(mirror => new RegistryEndpoint(
                mirror.Address.Authority,
                new Uri($"{mirror.Address.Scheme}://{mirror.Address.Authority}/"),
                mirror.Prefix,
                IsMirror: true)
            {
                Login = logins.Find(mirror.Address.Authority),
            });
    }

    /// <summary>The registry itself.</summary>
    public async Task<RegistryEndpoint> FindAsync(string domain, CancellationToken cancellationToken) =>
        await ReachAsync(domain, cancellationToken).ConfigureAwait(false) with { Login = logins.Find(domain) };

    private async Task<RegistryEndpoint> ReachAsync(string domain, CancellationToken cancellationToken)
    {
        var secure = new Uri($"https://{HostOf(domain)}/");
        if (!MayBeInsecure(options, secure))
        {
            return new RegistryEndpoint(domain, secure);
        }

        if (_known.TryGetValue(domain, out var known) && known.Until > time.GetUtcNow())
        {
            return known.Endpoint;
        }

        var hasTls = await SpeaksTlsAsync(domain, secure, cancellationToken).ConfigureAwait(false);
        var endpoint = new RegistryEndpoint(domain, hasTls ? secure : new Uri($"http://{HostOf(domain)}/"));
        _known[domain] = (endpoint, time.GetUtcNow() + s_remembered);
        return endpoint;
    }

    /// <summary>True for addresses to which plain HTTP is allowed.</summary>
    public static bool MayBeInsecure(EngineOptions options, Uri address)
    {
        var host = address.IdnHost.Trim('[', ']');
        IPAddress.TryParse(host, out var ip);
        return host == "localhost"
            || (ip is not null && IPAddress.IsLoopback(ip))
            || options.InsecureRegistries.Any(registry => Names(registry, address, ip))
            || options.Registries.Mirrors.Any(mirror =>
                mirror.Address.Scheme == Uri.UriSchemeHttp && mirror.Address.Authority == address.Authority);
    }

    private static bool Names(string registry, Uri address, IPAddress? ip)
    {
        return string.Equals(registry, address.Authority, StringComparison.OrdinalIgnoreCase)
            || string.Equals(registry, address.IdnHost, StringComparison.OrdinalIgnoreCase)
            || (ip is not null && registry.Contains('/', StringComparison.Ordinal)
                && IPNetwork.TryParse(registry, out var network) && network.Contains(ip));
    }

    private async Task<bool> SpeaksTlsAsync(string domain, Uri secure, CancellationToken cancellationToken)
    {
        var own = http.For(domain);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(policy.ProbeTimeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(secure, "v2/"));
            using var response = await own.SendOnceAsync(request, deadline.Token).ConfigureAwait(false);
            return true;
        }
        catch (HttpRequestException)
        {
            // Neither a certificate that nobody vouches for nor a server that wants one of ours is a reason to go on in the clear.
            return own.IsTrusted(secure) is not null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
