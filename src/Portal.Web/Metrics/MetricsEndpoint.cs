using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Contracts.Metrics;

namespace Portal.Web.Metrics;

/// <summary><c>GET /metrics</c>: the figures of the portal and of all its nodes, for Prometheus and its like.</summary>
internal static class MetricsEndpoint
{
    public const string Path = "/metrics";

    public static IServiceCollection AddPortalMetrics(this IServiceCollection services)
    {
        services.TryAddSingleton<PortalMetrics>();
        services.AddHostedService<MetricsExport>();
        services.AddAuthentication()
            .AddScheme<AuthenticationSchemeOptions, MetricsAuthenticationHandler>(MetricsAuthenticationHandler.SchemeName, null);
        services.AddAuthorizationBuilder().AddPolicy(MetricsAuthenticationHandler.Policy, policy => policy
            .AddAuthenticationSchemes(MetricsAuthenticationHandler.SchemeName)
            .RequireClaim(MetricsAuthenticationHandler.Claim));
        return services;
    }

    public static IEndpointConventionBuilder MapMetrics(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet(Path, static (PortalMetrics metrics, CancellationToken cancellationToken) =>
                Results.Stream(stream => metrics.SendAsync(stream, cancellationToken), ExpositionWriter.ContentType))
            .RequireAuthorization(MetricsAuthenticationHandler.Policy);
}
