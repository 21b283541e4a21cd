using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Agent.Policies.Engine;
using Portal.Engine.Containers;
using Portal.Engine.Distribution;
using Portal.Engine.Distribution.Signatures;
using Portal.Engine.Images;
using Portal.Engine.Volumes;

namespace Portal.Agent.Policies;

internal static class PolicyServiceCollectionExtensions
{
    /// <summary>Holds calls over the link to the portal's policies. After the engine: it stands before some of its parts.</summary>
    public static IServiceCollection AddPolicies(this IServiceCollection services)
    {
        services.TryAddSingleton<PolicyStore>();
        services.TryAddSingleton<PolicyGate>();
        services.TryAddSingleton<PolicyInterceptor>();
        services.TryAddSingleton<PolicyGrpcService>();
        services.TryAddSingleton<SignatureGuard>();
        services.TryAddSingleton<IImageGuard>(provider => provider.GetRequiredService<SignatureGuard>());
        services.TryAddSingleton(provider => new ContainerPolicies(
            provider.GetRequiredService<PolicyGate>(),
            provider.GetRequiredService<SignatureGuard>(),
            provider.GetRequiredService<IImages>(),
            provider.GetRequiredService<IVolumes>(),
            new Lazy<IContainers>(provider.GetRequiredService<IContainers>)));
        services.PutBefore<IContainers, PolicedContainers>();
        services.PutBefore<IImages, PolicedImages>();
        services.PutBefore<IRegistries, PolicedRegistries>();
        services.PutBefore<IVolumes, PolicedVolumes>();
        return services;
    }

    private static void PutBefore<TService, TBefore>(this IServiceCollection services)
        where TService : class
        where TBefore : class, TService
    {
        var inner = services.Last(descriptor => descriptor.ServiceType == typeof(TService));
        services.Replace(ServiceDescriptor.Singleton<TService>(provider =>
            ActivatorUtilities.CreateInstance<TBefore>(provider, (TService)Make(inner, provider))));
    }

    private static object Make(ServiceDescriptor descriptor, IServiceProvider provider) =>
        descriptor.ImplementationInstance
        ?? descriptor.ImplementationFactory?.Invoke(provider)
        ?? ActivatorUtilities.CreateInstance(provider, descriptor.ImplementationType!);
}
