using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Web.Nodes.Joining;
using Portal.Web.Nodes.Link;
using Portal.Web.Nodes.Portals;
using Portal.Web.Nodes.Presence;
using Portal.Web.Nodes.Storage;
using Portal.Web.Nodes.Telemetry;
using Portal.Web.Nodes.Tls;
using Portal.Web.Nodes.Upgrades;
using Portal.Web.Nodes.Waiting;

namespace Portal.Web.Nodes;

/// <summary>Registers the portal's end of the link.</summary>
public static class NodesServiceCollectionExtensions
{
    // A snapshot of some ten thousand containers.
    private const int MaximumMessageSize = 16 * 1024 * 1024;

    /// <summary>
    /// Adds <see cref="IFleet"/>, <see cref="INodeClients"/>, <see cref="ITelemetry"/>, <see
    /// cref="IJoinTokens"/>, <see cref="INodeRegistry"/>, the authentication of
    /// nodes and the portal's certificate. The host adds the database and the audit log.
    /// </summary>
    public static IServiceCollection AddNodes(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => PortalTlsOptions.From(provider.GetRequiredService<IConfiguration>()));
        services.TryAddSingleton<PortalCertificate>();
        services.TryAddSingleton<INodeStore, PostgresNodeStore>();
        services.TryAddSingleton<WaitingNodeStore>();
        AddLink(services);
        AddTelemetry(services);
        AddJoining(services);
        services.TryAddSingleton<Fleet>();
        services.TryAddSingleton<IFleet>(provider => provider.GetRequiredService<Fleet>());
        services.TryAddSingleton<FleetNotices>();
        services.AddHostedService(provider => provider.GetRequiredService<FleetNotices>());
        services.AddHostedService<FleetLoader>();
        AddPortals(services);
        return services;
    }

    private static void AddPortals(IServiceCollection services)
    {
        services.TryAddSingleton(provider => PortalPeerOptions.From(provider.GetRequiredService<IConfiguration>()));
        services.TryAddSingleton<PortalStore>();
        services.TryAddSingleton<PortalRoster>();
        services.AddHostedService(provider => provider.GetRequiredService<PortalRoster>());
        services.TryAddSingleton<PortalNews>();
        services.TryAddSingleton<PortalRelay>();
    }

    private static void AddLink(IServiceCollection services)
    {
        services.TryAddSingleton<LinkNonces>();
        services.TryAddSingleton<NodeLinks>();
        services.TryAddSingleton<NodeKeyStore>();
        services.TryAddSingleton<NodeKeys>();
        services.TryAddSingleton<KeyEndpoint>();
        services.TryAddSingleton<INodeClients, NodeClients>();
        services.AddAuthentication()
            .AddScheme<AuthenticationSchemeOptions, NodeAuthenticationHandler>(NodeAuthenticationDefaults.Scheme, null);
        services.AddAuthorizationBuilder().AddPolicy(NodeAuthenticationDefaults.Policy, policy => policy
            .AddAuthenticationSchemes(NodeAuthenticationDefaults.Scheme)
            .RequireClaim(NodeAuthenticationDefaults.NodeIdClaim));
    }

    private static void AddTelemetry(IServiceCollection services)
    {
        services.TryAddTransient<AgentCalls>();
        services.TryAddSingleton<LogFeeds>();
        services.TryAddSingleton<StatsFeeds>();
        services.TryAddSingleton<TelemetryRules>();
        services.TryAddSingleton<NodeEventSignal>();
        services.TryAddSingleton<TelemetrySessions>();
        services.TryAddSingleton<ITelemetry, TelemetryFeeds>();
        services.AddSignalR().AddHubOptions<TelemetryHub>(options =>
        {
            options.MaximumReceiveMessageSize = MaximumMessageSize;
            options.KeepAliveInterval = TimeSpan.FromSeconds(2);
            options.ClientTimeoutInterval = TimeSpan.FromSeconds(8);

            // Events wait for the database; log lines must not wait for them. Each kind has one call under way at most.
            options.MaximumParallelInvocationsPerClient = 8;
        });
    }

    private static void AddJoining(IServiceCollection services)
    {
        services.TryAddSingleton<IJoinTokens, JoinTokens>();
        services.TryAddSingleton<JoinTokenStore>();
        services.TryAddSingleton<OpenJoinTokens>();
        services.TryAddSingleton<JoinEndpoint>();
        services.TryAddSingleton<JoinRateLimit>();
        services.TryAddSingleton(AgentFiles.OfThisRelease);
        services.TryAddSingleton<INodeRegistry, NodeRegistry>();
        services.TryAddSingleton<WaitingNodes>();
        services.TryAddSingleton<AgentOffers>();
        services.TryAddSingleton<AgentSender>();
        services.TryAddSingleton<INodeUpgrades, NodeUpgrades>();
        services.AddHostedService<LocalJoinToken>();
    }
}
