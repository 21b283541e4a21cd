using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Internal;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the gRPC server to an application.</summary>
public static class GrpcServicesExtensions
{
    /// <summary>Adds the gRPC server.</summary>
    public static IGrpcServerBuilder AddGrpc(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddRouting();
        services.AddOptions();
        services.TryAddSingleton<UnimplementedRoutes>();
        services.TryAddSingleton(typeof(ServiceMethodFactory<>));
        return new GrpcServerBuilder(services);
    }

    /// <summary>Adds the gRPC server with settings of all services.</summary>
    public static IGrpcServerBuilder AddGrpc(
        this IServiceCollection services,
        Action<GrpcServiceOptions> configureOptions)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.Configure(configureOptions);
        return services.AddGrpc();
    }

    /// <summary>Adds settings of one service.</summary>
    public static IGrpcServerBuilder AddServiceOptions<TService>(
        this IGrpcServerBuilder grpcBuilder,
        Action<GrpcServiceOptions<TService>> configure)
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(grpcBuilder);
        grpcBuilder.Services.Configure(configure);
        return grpcBuilder;
    }
}
