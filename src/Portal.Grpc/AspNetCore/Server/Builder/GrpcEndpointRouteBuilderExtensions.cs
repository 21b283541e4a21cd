using System.Diagnostics.CodeAnalysis;
using Grpc.AspNetCore.Server.Internal;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps gRPC services to endpoints.</summary>
public static class GrpcEndpointRouteBuilderExtensions
{
    private const DynamicallyAccessedMemberTypes ServiceAccess =
        DynamicallyAccessedMemberTypes.PublicConstructors
        | DynamicallyAccessedMemberTypes.PublicMethods
        | DynamicallyAccessedMemberTypes.NonPublicMethods;

    /// <summary>Maps every method of a service; each call gets the service from the container, or a new one.</summary>
    public static GrpcServiceEndpointConventionBuilder MapGrpcService<[DynamicallyAccessedMembers(ServiceAccess)] TService>(
        this IEndpointRouteBuilder builder)
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        var factory = builder.ServiceProvider.GetService<ServiceMethodFactory<TService>>()
            ?? throw new InvalidOperationException(
                "Unable to find the required services. Please add all the required services by calling "
                + "'IServiceCollection.AddGrpc' inside the call to 'ConfigureServices(...)' in the application startup code.");
        var conventions = new List<IEndpointConventionBuilder>();
        var methods = factory.CreateMethods();
        foreach (var method in methods)
        {
            var endpoint = builder.Map(RoutePatternFactory.Parse(method.Method.FullName), method.Handler);
            endpoint.WithDisplayName($"gRPC - {method.Method.FullName}");
            endpoint.WithMetadata([.. method.Metadata]);
            conventions.Add(endpoint);
        }

        builder.ServiceProvider.GetRequiredService<UnimplementedRoutes>().Map(builder, methods[0].Method.ServiceName);
        return new GrpcServiceEndpointConventionBuilder(conventions);
    }
}
