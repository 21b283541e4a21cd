using System.Diagnostics.CodeAnalysis;
using Grpc.AspNetCore.Server.Internal;
using Grpc.Core.Interceptors;

namespace Grpc.AspNetCore.Server;

/// <summary>One interceptor of an <see cref="InterceptorCollection"/>.</summary>
public class InterceptorRegistration
{
    private readonly object[] _arguments;

    internal InterceptorRegistration(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type type,
        object[] arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        Type = type;
        _arguments = arguments;
    }

    /// <summary>The type of the interceptor.</summary>
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)]
    public Type Type { get; }

    /// <summary>Constructor arguments that the container does not supply.</summary>
    public IReadOnlyList<object> Arguments => _arguments;

    internal InstanceActivator<Interceptor> CreateActivator() => new(Type, _arguments);
}
