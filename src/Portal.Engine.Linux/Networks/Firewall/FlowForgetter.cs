using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Portal.Engine.Linux.Interop.Netlink;
using Portal.Engine.Networks;
using Portal.Engine.Networks.Drivers;

namespace Portal.Engine.Linux.Networks.Firewall;

/// <summary>
/// Runs <see cref="Conntrack"/> in the background: the kernel walks its whole table of flows for it, some 20 ms, which a start or
/// stop must not wait for. Changes that come meanwhile share the next walk.
/// </summary>
internal sealed partial class FlowForgetter : IAsyncDisposable
{
    private readonly Channel<Change> _changes = Channel.CreateUnbounded<Change>(new() { SingleReader = true });
    private readonly ILogger _logger;
    private readonly Task _loop;

    public FlowForgetter(ILogger logger)
    {
        _logger = logger;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Ports that from now on go to a container.</summary>
    public void Published(IEnumerable<PublishedPort> ports) => Add(ports, isPublished: true);

    /// <summary>Ports that from now on go to a container no longer.</summary>
    public void Withdrawn(IEnumerable<PublishedPort> ports) => Add(ports, isPublished: false);

    public async ValueTask DisposeAsync()
    {
        _changes.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
    }

    private void Add(IEnumerable<PublishedPort> ports, bool isPublished)
    {
        foreach (var port in ports.Where(port => port.Protocol == PortProtocol.Udp))
        {
            _changes.Writer.TryWrite(new Change(port, isPublished));
        }
    }

    private async Task RunAsync()
    {
        var changes = new List<Change>();
        while (await _changes.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            changes.Clear();
            while (_changes.Reader.TryRead(out var change))
            {
                changes.Add(change);
            }

            Forget(changes);
        }
    }

    private void Forget(List<Change> changes)
    {
        try
        {
            Conntrack.Forget(
                changes.Where(change => change.IsPublished).Select(change => change.Port),
                changes.Where(change => !change.IsPublished).Select(change => change.Port));
        }
        catch (NetlinkException exception)
        {
            // A kernel without nf_conntrack_netlink: everything works but for clients that keep sending from one UDP port.
            LogFlowsKept(exception);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Old UDP flows can't be forgotten; clients that keep sending from one port may not reach a changed container")]
    private partial void LogFlowsKept(Exception exception);

    private readonly record struct Change(PublishedPort Port, bool IsPublished);
}
