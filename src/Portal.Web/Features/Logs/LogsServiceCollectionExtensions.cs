using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Portal.Web.Features.Logs;

internal static class LogsServiceCollectionExtensions
{
    public static IServiceCollection AddLogs(this IServiceCollection services)
    {
        services.TryAddScoped<LogHistory>();
        return services;
    }
}
