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

    public Task Serve(IReadOnlyCollection<NameServerPlace> places, Func<NameTable> names)
    {
        lock (_lock)
        {
            var ending = new List<Task>();
            foreach (var gone in _listeners.Keys.Except(places).ToArray())
            {
                if (_listeners.TryRemove(gone, out var listener))
                {
                    ending.Add(listener.DisposeAsync().AsTask());
                }
            }

            foreach (var place in places.Where(place => !_listeners.ContainsKey(place)))
            {
                _listeners[place] = new DnsListener(place, sockets, names, _responder, _forwarder, time, logger);
            }

            return Task.WhenAll(ending);
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
