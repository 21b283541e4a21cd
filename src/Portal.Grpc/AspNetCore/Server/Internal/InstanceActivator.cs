using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Gets objects of a type for one call each: from the container, or else newly made.</summary>
internal sealed class InstanceActivator<T>
    where T : class
{
    private readonly Type _type;
    private readonly object[] _arguments;
    private readonly Lazy<ObjectFactory> _factory;

    public InstanceActivator(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type type,
        object[] arguments)
    {
        _type = type;
        _arguments = arguments;
        _factory = new(() => ActivatorUtilities.CreateFactory(type, Array.ConvertAll(arguments, a => a.GetType())));
    }

    public InstanceLease<T> Rent(IServiceProvider services)
    {
        if (_arguments.Length == 0 && services.GetService(_type) is T known)
        {
            return new InstanceLease<T>(known, owned: false);
        }

        return new InstanceLease<T>((T)_factory.Value(services, _arguments), owned: true);
    }
}
