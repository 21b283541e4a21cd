using Grpc.AspNetCore.Server.Internal;
using Microsoft.AspNetCore.Http;

namespace Grpc.Core;

/// <summary>Reaches from a call to its HTTP request.</summary>
public static class ServerCallContextExtensions
{
    private const string HttpContextKey = "__HttpContext";

    /// <summary>The HTTP request that carries the call.</summary>
    public static HttpContext GetHttpContext(this ServerCallContext serverCallContext)
    {
        ArgumentNullException.ThrowIfNull(serverCallContext);
        if (serverCallContext is HttpContextServerCallContext call)
        {
            return call.HttpContext;
        }

        // Test doubles of a call hand their HttpContext over here, as with the package.
        return serverCallContext.UserState.TryGetValue(HttpContextKey, out var value) && value is HttpContext http
            ? http
            : throw new InvalidOperationException("Could not get HttpContext from ServerCallContext. "
                + "HttpContext can only be accessed when gRPC services are hosted by ASP.NET Core.");
    }
}
