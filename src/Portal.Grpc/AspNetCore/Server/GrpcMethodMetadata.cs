using Grpc.Core;

namespace Grpc.AspNetCore.Server;

/// <summary>Endpoint metadata that names the method behind the endpoint.</summary>
public sealed class GrpcMethodMetadata
{
    /// <summary>Names a method and the type that handles it.</summary>
    public GrpcMethodMetadata(Type serviceType, IMethod method)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        ArgumentNullException.ThrowIfNull(method);
        ServiceType = serviceType;
        Method = method;
    }

    /// <summary>The type that handles the method.</summary>
    public Type ServiceType { get; }

    /// <summary>The method.</summary>
    public IMethod Method { get; }
}
