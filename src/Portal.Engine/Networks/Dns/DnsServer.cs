using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;

namespace Portal.Engine.Networks.Dns;

/// <summary>One listener a gateway.</summary>
internal sealed class DnsServer(TimeProvider time, ILogger<DnsServer> logger) : INameServer, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<IPAddress, DnsListener> _listeners = new();
    private readonly DnsForwarder _forwarder = new(time);
    private readonly DnsResponder _responder = new();

    public void Serve(IReadOnlyCollection<IPAddress> gateways, Func<NameTable> names)
    {
        lock (_lock)
        {
            foreach (var gone in _listeners.Keys.Except(gateways).ToArray())
            {
                if (_listeners.TryRemove(gone, out var listener))
                {
                    // Its end is soon, and nothing depends on it.
                    _ = listener.DisposeAsync().AsTask();
                }
            }

            foreach (var gateway in gateways.Where(gateway => !_listeners.ContainsKey(gateway)))
            {
                _listeners[gateway] = new DnsListener(gateway, names, _responder, _forwarder, time, logger);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var listener in _listeners.Values)
        {
            await listener.DisposeAsync().ConfigureAwait(false);
        }

        _listeners.Clear();
        _forwarder.Dispose();
    }
}
