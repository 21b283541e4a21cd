using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Security;

namespace Portal.Engine.Distribution.Connections;

/// <summary>Connections that trust the same authorities.</summary>
internal sealed class RegistryPool : IDisposable
{
    private readonly HttpClient _client;
    private readonly ConcurrentDictionary<string, bool> _shown = new(StringComparer.OrdinalIgnoreCase);

    public RegistryPool(SocketsHttpHandler handler, RegistryTrust trust)
    {
        handler.SslOptions.ClientCertificates = trust.Clients;
        handler.SslOptions.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
        {
            var isAccepted = trust.Accepts(certificate, chain, errors);
            _shown[(sender as SslStream)?.TargetHostName ?? ""] = isAccepted;
            return isAccepted;
        };
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("portal", "1"));
    }

    /// <summary>One request as it is, without redirects; the body is not read yet.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

    /// <summary>Whether a host's certificate was accepted the last time that it showed one; null when it showed none.</summary>
    public bool? IsTrusted(string host) => _shown.TryGetValue(host.Trim('[', ']'), out var isAccepted) ? isAccepted : null;

    public void Dispose() => _client.Dispose();
}
