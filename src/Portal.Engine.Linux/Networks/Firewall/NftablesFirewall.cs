using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Hosts;
using Portal.Engine.Networks.Drivers;
using Portal.Engine.Networks.Ingress;

namespace Portal.Engine.Linux.Networks.Firewall;

/// <summary>
/// The table <c>inet NAME</c>. Remembers what it is to hold, and writes it again when something removed it: at once when the kernel
/// tells of it, at the latest with the next change.
/// </summary>
internal sealed partial class NftablesFirewall(EngineOptions options, ILogger<NftablesFirewall> logger)
    : INetworkFirewall, IHostWarnings, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly NftablesContext _nftables = new();
    private readonly NftablesRuleset _ruleset = new(options.Name);
    private readonly FlowForgetter _flows = new(logger);
    private readonly HashSet<PublishedPort> _ports = [];
    private IReadOnlyList<FirewallNetwork> _networks = [];
    private IReadOnlyList<BalancedPort> _balanced = [];
    private TableWatcher? _watcher;
    private bool _filtersBridged;
    private int _isDisposed;

    public void Apply(FirewallPlan plan)
    {
        lock (_lock)
        {
            _networks = plan.Networks;
            _ports.Clear();
            _ports.UnionWith(plan.Ports);
            ApplyAll();
            _watcher ??= Watch();
            _others ??= OpenOthers();
        }

        TellOfOthers();
    }

    public void Publish(IReadOnlyList<PublishedPort> ports)
    {
        lock (_lock)
        {
            var added = ports.Where(_ports.Add).ToArray();
            try
            {
                Change(added, _ruleset.Add);
            }
            catch
            {
                _ports.ExceptWith(added);
                throw;
            }

            _flows.Published(added);
        }
    }

    public void Withdraw(IReadOnlyList<PublishedPort> ports)
    {
        lock (_lock)
        {
            var removed = ports.Where(_ports.Contains).ToArray();
            _ports.ExceptWith(removed);
            try
            {
                Change(removed, _ruleset.Delete);
            }
            catch
            {
                _ports.UnionWith(removed);
                throw;
            }

            _flows.Withdrawn(removed);
        }
    }

    public void Balance(IReadOnlyList<BalancedPort> ports)
    {
        lock (_lock)
        {
            var before = _balanced;
            _balanced = ports;
            if (_watcher is null && _networks.Count == 0)
            {
                // The first plan brings them.
                return;
            }

            var commands = _ruleset.Balance(before, ports);
            try
            {
                if (commands.Length > 0 && !_nftables.TryRun(commands, out var error))
                {
                    LogRestoring(options.Name, error);
                    ApplyAll();
                }
            }
            catch
            {
                // What is remembered is what the table would be restored to: rather the old than none.
                _balanced = before;
                throw;
            }

            var (published, withdrawn) = IngressRules.Flows(before, ports);
            _flows.Withdrawn(withdrawn);
            _flows.Published(published);
        }
    }

    public void Remove()
    {
        lock (_lock)
        {
            _ports.Clear();
            _balanced = [];
            _networks = [];
            Run(_ruleset.Nothing());
        }
    }

    /// <remarks>It serves two interfaces, and a container of services disposes it for each.</remarks>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
        {
            return;
        }

        if (_watcher is not null)
        {
            await _watcher.DisposeAsync().ConfigureAwait(false);
        }

        if (_timer is not null)
        {
            await _timer.DisposeAsync().ConfigureAwait(false);
        }

        _others?.Dispose();
        await _flows.DisposeAsync().ConfigureAwait(false);
        _nftables.Dispose();
    }

    private void Change(PublishedPort[] ports, Func<IReadOnlyCollection<PublishedPort>, string> write)
    {
        if (ports.Length > 0 && !_nftables.TryRun(write(ports), out var error))
        {
            LogRestoring(options.Name, error);
            ApplyAll();
        }
    }

    private TableWatcher? Watch()
    {
        try
        {
            return new TableWatcher(options.Name, RestoreIfGone, LookAgain, logger);
        }
        catch (SocketException exception)
        {
            LogUnwatched(options.Name, exception);
            return null;
        }
    }

    private void RestoreIfGone()
    {
        lock (_lock)
        {
            if (_networks.Count == 0 || _nftables.TryRun(_ruleset.Probe(), out var error))
            {
                return;
            }

            LogRestoring(options.Name, error);
            RestoreAll();
        }
    }

    private void RestoreAll()
    {
        try
        {
            ApplyAll();
        }
        catch (EngineException exception)
        {
            // Whoever took the rules away may still be at it; the next event or change tries again.
            LogRestoreFailed(options.Name, exception);
        }
    }

    private void ApplyAll()
    {
        _filtersBridged = BridgedPackets.AreFiltered;
        Run(_ruleset.Whole(new FirewallPlan(_networks, [.. _ports]), _balanced, answersAtLoopback6: !_filtersBridged));
    }

    private void Run(string commands)
    {
        if (!_nftables.TryRun(commands, out var error))
        {
            throw new EngineException(
                EngineErrorKind.Unavailable,
                $"Writing the packet rules (nftables table inet {options.Name}) failed. The engine needs CAP_NET_ADMIN, a kernel with "
                + "nf_tables and its NAT, and an instance name that is no word of nftables' language.",
                new InvalidOperationException(error));
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Nftables table inet {Table} can't be watched; rules that others remove are restored at the next change only")]
    private partial void LogUnwatched(string table, Exception exception);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Restoring the rules of nftables table inet {Table} failed; published ports do not answer until it succeeds")]
    private partial void LogRestoreFailed(string table, Exception exception);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The rules of nftables table inet {Table} were changed by someone else and are restored: {Error}")]
    private partial void LogRestoring(string table, string error);
}
