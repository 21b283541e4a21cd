using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Web.Features.Consoles.Recordings;
using Portal.Web.Features.Consoles.Rules;

namespace Portal.Web.Features.Consoles;

internal static class ConsolesServiceCollectionExtensions
{
    /// <summary>Terminals in the browser; <see cref="ConsoleEndpoint.MapConsoles"/> and <see cref="RecordingEndpoint.MapRecordings"/>
    /// map their endpoints.</summary>
    public static IServiceCollection AddConsoles(this IServiceCollection services)
    {
        services.AddOptions<ConsoleOptions>();
        services.TryAddSingleton<ConsoleTickets>();
        services.TryAddSingleton<ConsolePolicies>();
        services.TryAddScoped<NodeConsoles>();
        services.TryAddSingleton<RecordedConsoles>();
        services.AddHostedService<RecordingCollector>();
        return services;
    }
}
