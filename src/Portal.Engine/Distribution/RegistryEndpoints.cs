using System.Collections.Concurrent;
using System.Net;
using Portal.Engine.Hosting;

namespace Portal.Engine.Distribution;

/// <summary>
/// Where a registry is reached. TLS always, except for loopback addresses and configured registries: those are asked for TLS first and
/// spoken to in the clear when they have none.
/// </summary>
internal sealed class RegistryEndpoints(EngineOptions options, RegistryHttp http, RegistryPolicy policy)
{
    private readonly ConcurrentDictionary<string, Uri> _known = new(StringComparer.Ordinal);

    /// <summary>The base address of a registry, ending in a slash.</summary>
    public async Task<Uri> FindAsync(string domain, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(domain, out var known))
        {
            return known;
        }

        var host = domain == "docker.io" ? "registry-1.docker.io" : domain;
        var secure = new Uri($"https://{host}/");
        var endpoint = MayBeInsecure(options, secure) && !await SpeaksTlsAsync(secure, cancellationToken).ConfigureAwait(false)
            ? new Uri($"http://{host}/")
            : secure;
        return _known.GetOrAdd(domain, endpoint);
    }

    /// <summary>True for addresses to which plain HTTP is allowed.</summary>
    public static bool MayBeInsecure(EngineOptions options, Uri address)
    {
        var host = address.IdnHost.Trim('[', ']');
        var isLoopback = host == "localhost" || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip));
        return isLoopback || options.InsecureRegistries.Any(registry =>
            string.Equals(registry, address.Authority, StringComparison.OrdinalIgnoreCase)
            || string.Equals(registry, address.IdnHost, StringComparison.OrdinalIgnoreCase));
    }

    private async Task<bool> SpeaksTlsAsync(Uri secure, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(policy.ProbeTimeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(secure, "v2/"));
            using var response = await http.SendOnceAsync(request, deadline.Token).ConfigureAwait(false);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
