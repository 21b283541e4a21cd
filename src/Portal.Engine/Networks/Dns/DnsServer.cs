using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Portal.Engine.Networks.Drivers;

namespace Portal.Engine.Networks.Dns;

/// <summary>One listener a place.</summary>
internal sealed class DnsServer(INameServerSockets sockets, TimeProvider time, ILogger<DnsServer> logger) : INameServer, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<NameServerPlace, DnsListener> _listeners = new();
    private readonly DnsForwarder _forwarder = new(time, new DnsUpstream(time));
    private readonly DnsResponder _responder = new();

    public void Serve(IReadOnlyCollection<NameServerPlace> places, Func<NameTable> names)
    {
        lock (_lock)
        {
            foreach (var gone in _listeners.Keys.Except(places).ToArray())
            {
                if (_listeners.TryRemove(gone, out var listener))
                {
                    // Its end is soon, and nothing depends on it.
                    _ = listener.DisposeAsync().AsTask();
                }
            }

            foreach (var place in places.Where(place => !_listeners.ContainsKey(place)))
            {
                _listeners[place] = new DnsListener(place, sockets, names, _responder, _forwarder, time, logger);
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
