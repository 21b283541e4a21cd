using Microsoft.Extensions.Logging;
using Portal.Engine.Linux.Networks.Firewall.Others;
using Portal.Engine.Networks.Drivers;

namespace Portal.Engine.Linux.Networks.Firewall;

/// <summary>What packet filters of others do to this instance's traffic. They are read, never changed (docs/adr/0012).</summary>
internal sealed partial class NftablesFirewall
{
    // Others write their rules in several steps; one look after the last is enough.
    private static readonly TimeSpan s_calm = TimeSpan.FromSeconds(1);

    private readonly Lock _tellLock = new();
    private IReadOnlyList<string> _told = [];
    private ForwardingObstacles? _others;
    private Timer? _timer;

    public IReadOnlyList<string> Read()
    {
        IReadOnlyList<FirewallNetwork> networks;
        ForwardingObstacles? others;
        lock (_lock)
        {
            (networks, others) = (_networks, _others);
        }

        try
        {
            return others?.Find(options.Name, networks) ?? [];
        }
        catch (IOException failure)
        {
            LogOthersUnread(failure);
            return [];
        }
    }

    private ForwardingObstacles? OpenOthers()
    {
        try
        {
            return new ForwardingObstacles();
        }
        catch (IOException failure)
        {
            LogOthersUnread(failure);
            return null;
        }
    }

    /// <summary>Others changed their chains: looks at them once they are done.</summary>
    private void LookAgain()
    {
        lock (_tellLock)
        {
            _timer ??= new Timer(_ => LookAtOthers());
            _timer.Change(s_calm, Timeout.InfiniteTimeSpan);
        }
    }

    private void LookAtOthers()
    {
        lock (_lock)
        {
            if (_networks.Count > 0 && _filtersBridged != BridgedPackets.AreFiltered)
            {
                RestoreAll();
            }
        }

        TellOfOthers();
    }

    private void TellOfOthers()
    {
        var found = Read();
        lock (_tellLock)
        {
            foreach (var obstacle in found.Except(_told))
            {
                LogObstacle(obstacle);
            }

            if (found.Count == 0 && _told.Count > 0)
            {
                LogObstaclesGone();
            }

            _told = found;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Obstacle}")]
    private partial void LogObstacle(string obstacle);

    [LoggerMessage(Level = LogLevel.Information, Message = "Other packet filters let this instance's traffic through now")]
    private partial void LogObstaclesGone();

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Packet filters of other programs can't be read; whether they drop traffic is not known")]
    private partial void LogOthersUnread(Exception exception);
}
