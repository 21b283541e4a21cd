using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Web.Features.Policies.Enforcing;

namespace Portal.Web.Features.Policies;

internal static class PoliciesServiceCollectionExtensions
{
    /// <summary>Policies on top of roles: kept, checked, and sent to the nodes.</summary>
    public static IServiceCollection AddPolicies(this IServiceCollection services)
    {
        services.TryAddSingleton<PolicySignal>();
        services.TryAddSingleton<SignatureAgents>();
        services.TryAddSingleton<PolicyBook>();
        services.TryAddSingleton<PolicyGuard>();
        services.TryAddSingleton<PolicyDirectory>();
        services.TryAddSingleton<PolicySender>();
        services.AddHostedService(provider => provider.GetRequiredService<PolicySender>());
        return services;
    }
}
