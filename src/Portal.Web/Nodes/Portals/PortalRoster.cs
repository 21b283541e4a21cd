using System.Collections.Immutable;
using System.Reflection;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Npgsql;
using Portal.Web.Nodes.Presence;
using Portal.Web.Nodes.Tls;

namespace Portal.Web.Nodes.Portals;

/// <summary>The portals that share the database, this one among them: lists it, and knows the others.</summary>
/// <remarks>
/// Singleton; any thread. Who ends well takes itself out; who was killed does not count any more after 15 seconds. While the database is
/// away what was known last holds.
/// </remarks>
internal sealed partial class PortalRoster(
    PortalStore store,
    PortalPeerOptions options,
    PortalCertificate certificate,
    NpgsqlDataSource database,
    IServer server,
    IHostApplicationLifetime lifetime,
    FleetNotices notices,
    TimeProvider time,
    ILogger<PortalRoster> logger) : BackgroundService
{
    private const int LongestText = 128;
    private static readonly TimeSpan s_beat = TimeSpan.FromSeconds(3);
    private static readonly string s_version =
        typeof(PortalRoster).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?
            .InformationalVersion.Split('+')[0] ?? "0";

    private ImmutableDictionary<Guid, PortalPeer> _peers = ImmutableDictionary<Guid, PortalPeer>.Empty;

    /// <summary>This portal's id: of this run of it.</summary>
    public Guid Self { get; } = Guid.NewGuid();

    /// <summary>All of them, this one first.</summary>
    public IReadOnlyList<Guid> Ids => [Self, .. Volatile.Read(ref _peers).Keys.Where(id => id != Self).Order()];

    /// <summary>Raised on any thread when there are other portals than before.</summary>
    public event Action? Changed;

    /// <summary>Another portal; the database is asked where it is not known.</summary>
    /// <returns>Null for one that is not there any more, and for this one.</returns>
    public async Task<PortalPeer?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        if (id == Self)
        {
            return null;
        }

        if (Volatile.Read(ref _peers).TryGetValue(id, out var known))
        {
            return known;
        }

        return (await store.ListAsync(cancellationToken)).FirstOrDefault(portal => portal.Id == id);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            using var soon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            soon.CancelAfter(TimeSpan.FromSeconds(2));
            await store.RemoveAsync(Self, soon.Token);
        }
        catch (Exception failure) when (
            failure is NpgsqlException or OperationCanceledException or TimeoutException or ObjectDisposedException)
        {
            LogFailed(failure);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await StartedAsync(stoppingToken))
        {
            return;
        }

        var self = Describe();
        LogListed(self.Id, self.Address);
        while (true)
        {
            try
            {
                await store.BeatAsync(self, s_version, stoppingToken);
                Take(await store.ListAsync(stoppingToken));
            }
            catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
            {
                LogFailed(failure);
            }

            await notices.Portals.WaitAsync(s_beat, stoppingToken);
        }
    }

    // Only a server that has started knows where it listens.
    private async Task<bool> StartedAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registered = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(Timeout.InfiniteTimeSpan, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !stoppingToken.IsCancellationRequested;
    }

    private PortalPeer Describe()
    {
        var address = options.Address
            ?? OwnAddress.Find(server.Features.Get<IServerAddressesFeature>()!.Addresses, database.ConnectionString);
        var name = Environment.MachineName;
        var pin = address.Scheme == Uri.UriSchemeHttps ? certificate.Fingerprint : null;
        return new PortalPeer(Self, name[..Math.Min(name.Length, LongestText)], address, pin);
    }

    private void Take(IReadOnlyList<PortalPeer> portals)
    {
        var before = Volatile.Read(ref _peers);
        var now = portals.ToImmutableDictionary(portal => portal.Id);
        Volatile.Write(ref _peers, now);
        if (!before.Keys.ToHashSet().SetEquals(now.Keys))
        {
            Changed?.Invoke();
        }
    }

    [LoggerMessage(2190, LogLevel.Information, "This portal is {Id} for the others of its database, at {Address}.")]
    private partial void LogListed(Guid id, Uri address);

    [LoggerMessage(2191, LogLevel.Warning, "The list of portals could not be kept in the database; it is tried again.")]
    private partial void LogFailed(Exception failure);
}
