using Grpc.Core;
using Grpc.Core.Interceptors;
using Portal.Contracts.Link;

namespace Portal.Agent.Services;

/// <summary>
/// Checks that the portal has asserted the permission that the method needs: the portal's own check is not
/// enough, so that a path there that forgets
/// it reaches nothing here. Default deny.
/// </summary>
/// <remarks>Singleton; keeps no state.</remarks>
internal sealed class PermissionInterceptor : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Check(context, request);
        return continuation(request, context);
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Check(context, null);
        return continuation(requestStream, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Check(context, request);
        return continuation(request, responseStream, context);
    }

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Check(context, null);
        return continuation(requestStream, responseStream, context);
    }

    /// <summary>Checks what the first message of a stream needs besides its method's permission, which was checked.</summary>
    public static void CheckFirst(ServerCallContext context, object message)
    {
        var asserted = Asserted(context);
        foreach (var additional in MethodPermissions.Additional(message))
        {
            Demand(asserted, additional);
        }
    }

    /// <summary>Checks all that a request needs besides its method's permission.</summary>
    public static void CheckAll(ServerCallContext context, IEnumerable<string> needed)
    {
        var asserted = Asserted(context);
        foreach (var permission in needed)
        {
            Demand(asserted, permission);
        }
    }

    /// <summary>True when the portal has asserted a permission that a method goes further with.</summary>
    public static bool Has(ServerCallContext context, string permission) => Asserted(context).Contains(permission);

    private static void Check(ServerCallContext context, object? request)
    {
        if (!MethodPermissions.All.TryGetValue(context.Method, out var needed))
        {
            throw Refuse($"No permission covers '{context.Method}'.");
        }

        var asserted = Asserted(context);
        Demand(asserted, needed);
        foreach (var additional in MethodPermissions.Additional(request))
        {
            Demand(asserted, additional);
        }
    }

    private static void Demand(HashSet<string> asserted, string needed)
    {
        if (!asserted.Contains(needed))
        {
            throw Refuse($"This needs the permission '{needed}'.");
        }
    }

    private static HashSet<string> Asserted(ServerCallContext context)
    {
        var asserted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in context.RequestHeaders)
        {
            if (entry.Key == LinkProtocol.PermissionHeader && !entry.IsBinary)
            {
                asserted.UnionWith(entry.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
            }
        }

        return asserted;
    }

    private static RpcException Refuse(string message) => new(new Status(StatusCode.PermissionDenied, message));
}
