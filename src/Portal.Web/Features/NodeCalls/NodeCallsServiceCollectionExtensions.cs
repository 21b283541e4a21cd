using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Portal.Web.Features.NodeCalls;

internal static class NodeCallsServiceCollectionExtensions
{
    /// <summary>Calls to nodes on behalf of people: checked, and recorded.</summary>
    public static IServiceCollection AddNodeCalls(this IServiceCollection services)
    {
        services.TryAddScoped<INodeCalls, AuthorizedNodeCalls>();
        return services;
    }
}
