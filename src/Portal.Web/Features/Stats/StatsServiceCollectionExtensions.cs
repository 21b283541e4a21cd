using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Web.Features.Stats.History;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Stats;

public static class StatsServiceCollectionExtensions
{
    /// <summary>Keeps what nodes and containers use, and shows it.</summary>
    public static IServiceCollection AddStats(this IServiceCollection services)
    {
        services.TryAddSingleton<StatsBuckets>();
        services.TryAddSingleton<StatsPartitions>();
        services.TryAddSingleton<StatsStore>();
        services.TryAddSingleton<StatsRollups>();
        services.TryAddSingleton<StatsHistory>();
        services.TryAddSingleton<IStatsRecorder, StatsRecorder>();
        services.AddHostedService<StatsWriter>();
        services.AddHostedService<StatsMaintenance>();
        return services;
    }
}
