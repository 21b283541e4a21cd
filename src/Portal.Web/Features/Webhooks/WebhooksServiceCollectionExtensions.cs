using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Web.Features.Webhooks.Receiving;
using Portal.Web.Features.Webhooks.Work;

namespace Portal.Web.Features.Webhooks;

internal static class WebhooksServiceCollectionExtensions
{
    /// <summary>Webhooks: what others call so that stacks follow.</summary>
    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.TryAddSingleton<HookSecrets>();
        services.TryAddSingleton<HookGate>();
        services.TryAddSingleton<DeliveryStore>();
        services.TryAddSingleton<HookSignal>();
        services.TryAddSingleton<HookReceiver>();
        services.TryAddSingleton<StackImages>();
        services.TryAddSingleton<HookActions>();
        services.TryAddSingleton<HookDirectory>();
        services.AddHostedService<HookWorker>();
        services.AddHostedService<HookRetention>();
        return services;
    }
}
