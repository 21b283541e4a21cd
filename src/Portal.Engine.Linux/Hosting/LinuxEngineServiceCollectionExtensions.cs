using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Linux.Storage;

namespace Portal.Engine.Linux.Hosting;

/// <summary>Registers all that the engine's core needs of Linux.</summary>
public static class LinuxEngineServiceCollectionExtensions
{
    /// <summary>Adds each Linux part as a singleton, unless one is there. Belongs to <c>AddEngine</c>, in any order.</summary>
    public static IServiceCollection AddLinuxEngine(this IServiceCollection services)
    {
        return services.AddLinuxStorage();
    }
}
