using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Web.Features.Jobs.Running;

namespace Portal.Web.Features.Jobs;

internal static class JobsServiceCollectionExtensions
{
    /// <summary>Scheduled jobs: what is done by a clock, and what works on it.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.TryAddSingleton<JobArchives>();
        services.TryAddSingleton<JobSignal>();
        services.TryAddSingleton<JobStore>();
        services.TryAddSingleton<JobPlaces>();
        services.TryAddSingleton<JobStates>();
        services.TryAddSingleton<JobDirectory>();
        services.TryAddScoped<JobPrune>();
        services.TryAddScoped<JobCommand>();
        services.TryAddScoped<JobStackRestart>();
        services.TryAddScoped<JobPortalBackup>();
        services.TryAddScoped<JobActions>();
        services.AddHostedService<JobWorker>();
        return services;
    }
}
