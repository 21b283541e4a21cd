using System.Reflection;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Finds the methods of a service through its generated base, and makes an endpoint handler of each.</summary>
internal sealed class ServiceMethodFactory<TService>(
    IOptions<GrpcServiceOptions> allOptions,
    IOptions<GrpcServiceOptions<TService>> ownOptions,
    ILoggerFactory loggerFactory,
    IServiceProvider services)
    where TService : class
{
    public IReadOnlyList<ServiceMethod> CreateMethods()
    {
        var (bind, baseType) = FindBindMethod();
        var binder = new ServiceMethodBinder<TService>(
            MethodOptions.Merge(allOptions.Value, ownOptions.Value),
            loggerFactory.CreateLogger<ServerCallHandler>(),
            services.GetService<TimeProvider>() ?? TimeProvider.System);
        bind.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [binder, null], null);
        if (binder.Methods.Count == 0)
        {
            throw new InvalidOperationException($"The gRPC service '{baseType}' has no methods.");
        }

        return binder.Methods;
    }

    private static (MethodInfo Bind, Type BaseType) FindBindMethod()
    {
        for (var type = typeof(TService); type is not null; type = type.BaseType)
        {
            var attribute = type.GetCustomAttribute<BindServiceMethodAttribute>(inherit: false);
            if (attribute is not null)
            {
                var bind = attribute.BindType.GetMethod(
                    attribute.BindMethodName,
                    BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static,
                    [typeof(ServiceBinderBase), type]);
                return bind is not null
                    ? (bind, type)
                    : throw new InvalidOperationException(
                        $"The bind method '{attribute.BindMethodName}' of '{type}' cannot be found on '{attribute.BindType}'.");
            }
        }

        throw new InvalidOperationException(
            $"Cannot locate BindServiceMethodAttribute on '{typeof(TService)}': the type must derive from a generated "
            + "gRPC service base.");
    }
}
