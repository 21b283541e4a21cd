using System.Net;
using Portal.Engine.Errors;
using Portal.Engine.Networks.Ingress;
using Portal.Engine.Networks.Overlay;
using Portal.Engine.Networks.Ports;
using Portal.Engine.Networks.State;

namespace Portal.Engine.Networks.Orchestration;

/// <summary>Ports at which every node answers: which of them this node has, and to whom their connections go.</summary>
internal sealed partial class EngineNetworks
{
    private const int MostIngressPorts = 512;

    // Who tells asks every node twice a minute at least: after twice that it is away, and nobody is waited for.
    private static readonly TimeSpan s_newsLast = TimeSpan.FromSeconds(75);
    private static readonly TimeSpan s_leavingAtMost = TimeSpan.FromSeconds(10);

    // What was on its way when the last node changed its mind arrives, and is answered.
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(1);

    // Also held while the rules are written: an older picture must not come after a newer one.
    private readonly Lock _ingressLock = new();
    private readonly Dictionary<string, IngressState> _serving = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TaskCompletionSource> _leaving = new(StringComparer.Ordinal);
    private readonly Dictionary<IngressPort, PortBinding> _ingressHeld = [];
    private readonly Dictionary<IngressPort, string> _ingressRefused = [];
    private long _confirmedAt;

    public void Serve(string containerId, bool isReady)
    {
        ArgumentNullException.ThrowIfNull(containerId);
        lock (_ingressLock)
        {
            if (!HasIngress(containerId) || _serving.GetValueOrDefault(containerId) == IngressState.Leaving)
            {
                return;
            }

            _serving[containerId] = isReady ? IngressState.Ready : IngressState.None;
            TryBalance();
        }
    }

    public async Task LeaveAsync(string containerId, Action leaving, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(containerId);
        ArgumentNullException.ThrowIfNull(leaving);
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_ingressLock)
        {
            if (_serving.GetValueOrDefault(containerId) != IngressState.Ready || !IsLedTo(containerId))
            {
                return;
            }

            _serving[containerId] = IngressState.Leaving;
            TryBalance();
            if (_confirmedAt == 0 || _clock.GetElapsedTime(_confirmedAt) > s_newsLast)
            {
                return;
            }

            _leaving[containerId] = left;
        }

        try
        {
            leaving();
            await left.Task.WaitAsync(s_leavingAtMost, _clock, cancellationToken).ConfigureAwait(false);
            await Task.Delay(s_settling, _clock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            LogStillLedTo(containerId, s_leavingAtMost.TotalSeconds);
        }
        catch (OperationCanceledException)
        {
            lock (_ingressLock)
            {
                if (_serving.ContainsKey(containerId))
                {
                    _serving[containerId] = IngressState.Ready;
                    TryBalance();
                }
            }

            throw;
        }
        finally
        {
            lock (_ingressLock)
            {
                _leaving.Remove(containerId);
            }
        }
    }

    public void Confirm(string networkId, IReadOnlyCollection<string> left)
    {
        ArgumentNullException.ThrowIfNull(left);
        lock (_ingressLock)
        {
            _confirmedAt = _clock.GetTimestamp();
            foreach (var (containerId, done) in _leaving)
            {
                if (_sandboxes.GetValueOrDefault(containerId)?.Sandbox.Endpoints
                    .Any(endpoint => endpoint.NetworkId == networkId && left.Contains(endpoint.Address)) == true)
                {
                    done.TrySetResult();
                }
            }

            if (_ingressRefused.Count > 0)
            {
                // Whoever had a port may have let go of it.
                TryBalance();
            }
        }
    }

    public string IngressProblem(string networkId)
    {
        lock (_ingressLock)
        {
            return string.Join(" ", PortsOf(networkId).Where(_ingressRefused.ContainsKey).Select(port => _ingressRefused[port]));
        }
    }

    public IReadOnlyDictionary<IngressPort, string> FindTaken(IReadOnlyCollection<IngressPort> ports)
    {
        ArgumentNullException.ThrowIfNull(ports);
        var taken = new Dictionary<IngressPort, string>();
        lock (_ingressLock)
        {
            foreach (var port in ports.Where(port => !_ingressHeld.ContainsKey(port)))
            {
                if (TryHold(port, out var refusal) is { } held)
                {
                    _ports.Release([held]);
                }
                else
                {
                    taken[port] = refusal;
                }
            }
        }

        return taken;
    }

    private static void CheckIngress(OverlayTable table)
    {
        var targets = table.Peers.SelectMany(peer => peer.Endpoints).SelectMany(endpoint => endpoint.Targets).ToArray();
        if (table.Ports.Count > MostIngressPorts || targets.Length > LargestTable || table.Ports.Distinct().Count() != table.Ports.Count)
        {
            throw EngineException.InvalidArgument("a table of other nodes has too many ports, or one of them twice");
        }

        if (table.Ports.Any(port => !IsPort(port.Protocol, port.Port))
            || targets.Any(target => !IsPort(target.Protocol, target.Port) || !IsPort(target.Protocol, target.TargetPort)))
        {
            throw EngineException.InvalidArgument("a table of other nodes has a port that is none");
        }

        static bool IsPort(PortProtocol protocol, int port) => Enum.IsDefined(protocol) && port is >= 1 and <= ushort.MaxValue;
    }

    private IngressState StateOf(SandboxRecord record)
    {
        lock (_ingressLock)
        {
            return _serving.GetValueOrDefault(record.Sandbox.ContainerId);
        }
    }

    // The engine was away and the container was not: leaving it out until it is looked at again would cut it off.
    private void ServesUntilToldOtherwise(SandboxRecord record)
    {
        lock (_ingressLock)
        {
            if (HasIngress(record.Sandbox.ContainerId))
            {
                _serving[record.Sandbox.ContainerId] = IngressState.Ready;
            }
        }
    }

    private void NoLongerServes(string containerId)
    {
        lock (_ingressLock)
        {
            if (_serving.Remove(containerId))
            {
                Balance();
            }

            if (_leaving.TryGetValue(containerId, out var done))
            {
                done.TrySetResult();
            }
        }
    }

    private bool HasIngress(string containerId) =>
        _sandboxes.GetValueOrDefault(containerId)?.Sandbox.Endpoints.Any(endpoint => endpoint.Ingress.Count > 0) == true;

    private bool IsLedTo(string containerId) =>
        _sandboxes.GetValueOrDefault(containerId)?.Sandbox.Endpoints.Any(endpoint => PortsOf(endpoint.NetworkId)
            .Any(port => endpoint.Ingress.Any(target => Means(target, port)))) == true;

    private IReadOnlyList<IngressPort> PortsOf(string networkId) => _peers.GetValueOrDefault(networkId)?.Ports ?? [];

    private static bool Means(IngressTarget target, IngressPort port) => (target.Protocol, target.Port) == (port.Protocol, port.Port);

    /// <summary>Where others must not fail for it; the next change tries again.</summary>
    private void TryBalance()
    {
        try
        {
            Balance();
        }
        catch (EngineException exception)
        {
            LogNotBalanced(exception);
        }
    }

    private void Balance()
    {
        lock (_ingressLock)
        {
            var tables = _peers.Values.Where(table => table.Ports.Count > 0).ToArray();
            if (tables.Length == 0 && _ingressHeld.Count == 0 && _ingressRefused.Count == 0)
            {
                return;
            }

            Hold([.. tables.SelectMany(table => table.Ports)]);
            _firewall.Balance(
            [
                .. _ingressHeld.Keys.OrderBy(port => (port.Protocol, port.Port))
                    .Select(port => new BalancedPort(port, TargetsOf(port, tables)))
                    .Where(port => port.Targets.Count > 0),
            ]);
        }
    }

    /// <summary>Takes the ports that this node is to answer at, and gives back the others.</summary>
    private void Hold(HashSet<IngressPort> wanted)
    {
        foreach (var (port, held) in _ingressHeld.Where(held => !wanted.Contains(held.Key)).ToArray())
        {
            _ports.Release([held]);
            _ingressHeld.Remove(port);
        }

        _ingressRefused.Clear();
        foreach (var port in wanted.Where(port => !_ingressHeld.ContainsKey(port)))
        {
            if (TryHold(port, out var refusal) is { } held)
            {
                _ingressHeld[port] = held;
            }
            else
            {
                _ingressRefused[port] = refusal;
            }
        }
    }

    private PortBinding? TryHold(IngressPort port, out string refusal)
    {
        try
        {
            var binding = new PortBinding { ContainerPort = port.Port, HostPort = port.Port, Protocol = port.Protocol };
            refusal = "";
            return _ports.Reserve([new PortRequest(binding, [IPAddress.Any])])[0];
        }
        catch (EngineException exception)
        {
            refusal = $"Port {port}: {exception.Message}.";
            return null;
        }
    }

    /// <summary>Those that are ready, of all nodes; while there are none, those that are about to end.</summary>
    private IReadOnlyList<IPEndPoint> TargetsOf(IngressPort port, IReadOnlyList<OverlayTable> tables)
    {
        var found = new List<(IngressState State, IPEndPoint Target)>();
        foreach (var table in tables.Where(table => table.Ports.Contains(port)))
        {
            var own = _sandboxes.Values.SelectMany(record => record.Sandbox.Endpoints
                .Where(endpoint => endpoint.NetworkId == table.NetworkId && endpoint.Ingress.Count > 0)
                .Select(endpoint => (endpoint.Address, endpoint.Ingress, State: StateOf(record))));
            var others = table.Peers.SelectMany(peer => peer.Endpoints)
                .Select(endpoint => (endpoint.Address, Ingress: endpoint.Targets, endpoint.State));
            found.AddRange(own.Concat(others)
                .SelectMany(endpoint => endpoint.Ingress.Where(target => Means(target, port))
                    .Select(target => (endpoint.State, new IPEndPoint(IPAddress.Parse(endpoint.Address), target.TargetPort)))));
        }

        var state = found.Exists(one => one.State == IngressState.Ready) ? IngressState.Ready : IngressState.Leaving;
        return
        [
            .. found.Where(one => one.State == state).Select(one => one.Target)
                .OrderBy(target => target.ToString(), StringComparer.Ordinal),
        ];
    }
}
