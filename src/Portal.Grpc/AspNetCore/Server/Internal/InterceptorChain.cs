using Grpc.Core;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>
/// Puts interceptors around a handler. The chain is built once a method; the interceptors themselves are got for
/// each call, in the scope of its request.
/// </summary>
internal static class InterceptorChain
{
    public static UnaryServerMethod<TRequest, TResponse> Build<TRequest, TResponse>(
        IReadOnlyList<InterceptorRegistration> registrations,
        UnaryServerMethod<TRequest, TResponse> chain)
        where TRequest : class
        where TResponse : class
    {
        for (var i = registrations.Count - 1; i >= 0; i--)
        {
            var (activator, next) = (registrations[i].CreateActivator(), chain);
            chain = async (r, c) =>
            {
                var lease = activator.Rent(c.GetHttpContext().RequestServices);
                await using (lease.ConfigureAwait(false))
                {
                    return await lease.Instance.UnaryServerHandler(r, c, next).ConfigureAwait(false);
                }
            };
        }

        return chain;
    }

    public static ClientStreamingServerMethod<TRequest, TResponse> Build<TRequest, TResponse>(
        IReadOnlyList<InterceptorRegistration> registrations,
        ClientStreamingServerMethod<TRequest, TResponse> chain)
        where TRequest : class
        where TResponse : class
    {
        for (var i = registrations.Count - 1; i >= 0; i--)
        {
            var (activator, next) = (registrations[i].CreateActivator(), chain);
            chain = async (r, c) =>
            {
                var lease = activator.Rent(c.GetHttpContext().RequestServices);
                await using (lease.ConfigureAwait(false))
                {
                    return await lease.Instance.ClientStreamingServerHandler(r, c, next).ConfigureAwait(false);
                }
            };
        }

        return chain;
    }

    public static ServerStreamingServerMethod<TRequest, TResponse> Build<TRequest, TResponse>(
        IReadOnlyList<InterceptorRegistration> registrations,
        ServerStreamingServerMethod<TRequest, TResponse> chain)
        where TRequest : class
        where TResponse : class
    {
        for (var i = registrations.Count - 1; i >= 0; i--)
        {
            var (activator, next) = (registrations[i].CreateActivator(), chain);
            chain = async (r, w, c) =>
            {
                var lease = activator.Rent(c.GetHttpContext().RequestServices);
                await using (lease.ConfigureAwait(false))
                {
                    await lease.Instance.ServerStreamingServerHandler(r, w, c, next).ConfigureAwait(false);
                }
            };
        }

        return chain;
    }

    public static DuplexStreamingServerMethod<TRequest, TResponse> Build<TRequest, TResponse>(
        IReadOnlyList<InterceptorRegistration> registrations,
        DuplexStreamingServerMethod<TRequest, TResponse> chain)
        where TRequest : class
        where TResponse : class
    {
        for (var i = registrations.Count - 1; i >= 0; i--)
        {
            var (activator, next) = (registrations[i].CreateActivator(), chain);
            chain = async (r, w, c) =>
            {
                var lease = activator.Rent(c.GetHttpContext().RequestServices);
                await using (lease.ConfigureAwait(false))
                {
                    await lease.Instance.DuplexStreamingServerHandler(r, w, c, next).ConfigureAwait(false);
                }
            };
        }

        return chain;
    }
}
