using System.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Receives a service's methods from generated code and makes an endpoint handler of each.</summary>
internal sealed class ServiceMethodBinder<TService>(MethodOptions options, ILogger logger, TimeProvider timeProvider)
    : ServiceBinderBase
    where TService : class
{
    private readonly InstanceActivator<TService> _activator = new(typeof(TService), []);
    private readonly List<ServiceMethod> _methods = [];

    public IReadOnlyList<ServiceMethod> Methods => _methods;

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        UnaryServerMethod<TRequest, TResponse>? handler)
    {
        var target = FindHandler(method, typeof(TRequest), typeof(ServerCallContext));
        var invoke = target.CreateDelegate<Func<TService, TRequest, ServerCallContext, Task<TResponse>>>();
        UnaryServerMethod<TRequest, TResponse> chain = async (r, c) =>
        {
            var lease = _activator.Rent(c.GetHttpContext().RequestServices);
            await using (lease.ConfigureAwait(false))
            {
                return await invoke(lease.Instance, r, c).ConfigureAwait(false);
            }
        };
        Add(method, target, CallShapes.Unary(method, InterceptorChain.Build(options.Interceptors, chain)));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var target = FindHandler(method, typeof(IAsyncStreamReader<TRequest>), typeof(ServerCallContext));
        var invoke = target.CreateDelegate<Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>>>();
        ClientStreamingServerMethod<TRequest, TResponse> chain = async (r, c) =>
        {
            var lease = _activator.Rent(c.GetHttpContext().RequestServices);
            await using (lease.ConfigureAwait(false))
            {
                return await invoke(lease.Instance, r, c).ConfigureAwait(false);
            }
        };
        Add(method, target, CallShapes.ClientStreaming(method, InterceptorChain.Build(options.Interceptors, chain)));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var target = FindHandler(method, typeof(TRequest), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        var invoke = target.CreateDelegate<Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task>>();
        ServerStreamingServerMethod<TRequest, TResponse> chain = async (r, w, c) =>
        {
            var lease = _activator.Rent(c.GetHttpContext().RequestServices);
            await using (lease.ConfigureAwait(false))
            {
                await invoke(lease.Instance, r, w, c).ConfigureAwait(false);
            }
        };
        Add(method, target, CallShapes.ServerStreaming(method, InterceptorChain.Build(options.Interceptors, chain)));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var target = FindHandler(
            method,
            typeof(IAsyncStreamReader<TRequest>),
            typeof(IServerStreamWriter<TResponse>),
            typeof(ServerCallContext));
        var invoke = target.CreateDelegate<
            Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task>>();
        DuplexStreamingServerMethod<TRequest, TResponse> chain = async (r, w, c) =>
        {
            var lease = _activator.Rent(c.GetHttpContext().RequestServices);
            await using (lease.ConfigureAwait(false))
            {
                await invoke(lease.Instance, r, w, c).ConfigureAwait(false);
            }
        };
        Add(method, target, CallShapes.DuplexStreaming(method, InterceptorChain.Build(options.Interceptors, chain)));
    }

    private static MethodInfo FindHandler(IMethod method, params Type[] parameters) =>
        typeof(TService).GetMethod(method.Name, BindingFlags.Public | BindingFlags.Instance, parameters)
        ?? throw new InvalidOperationException($"Could not find '{method.Name}' on '{typeof(TService)}'.");

    private void Add(IMethod method, MethodInfo target, Func<HttpContextServerCallContext, Task> run)
    {
        var handler = new ServerCallHandler(method, options, run, logger, timeProvider);
        var metadata = new List<object>
        {
            new GrpcMethodMetadata(typeof(TService), method),
            new HttpMethodMetadata(["POST"]),
        };

        // Attributes of the class first, so that those of the method win where the last one counts.
        metadata.AddRange(typeof(TService).GetCustomAttributes(inherit: true));
        metadata.AddRange(target.GetCustomAttributes(inherit: true));
        _methods.Add(new ServiceMethod(method, handler.HandleAsync, metadata));
    }
}
