using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server;

/// <summary>Adds to the gRPC server.</summary>
public interface IGrpcServerBuilder
{
    /// <summary>The services of the application.</summary>
    IServiceCollection Services { get; }
}
