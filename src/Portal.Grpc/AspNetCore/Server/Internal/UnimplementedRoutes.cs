using Grpc.Core;
using Grpc.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>
/// Answers calls of methods and services that are not there with UNIMPLEMENTED. Mapped once an application,
/// however many services it has.
/// </summary>
internal sealed class UnimplementedRoutes
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _services = [];
    private bool _unknownServiceMapped;

    public void Map(IEndpointRouteBuilder builder, string service)
    {
        lock (_lock)
        {
            if (_services.Add(service))
            {
                Map(builder, service + "/{unimplementedMethod}", "Method is unimplemented.");
            }

            if (!_unknownServiceMapped)
            {
                _unknownServiceMapped = true;
                Map(builder, "{unimplementedService}/{unimplementedMethod}", "Service is unimplemented.");
            }
        }
    }

    private static void Map(IEndpointRouteBuilder builder, string pattern, string detail)
    {
        var route = RoutePatternFactory.Parse(
            pattern,
            defaults: null,
            parameterPolicies: new { unimplementedMethod = new GrpcRequestConstraint() });
        builder.Map(route, http =>
            {
                if (CallGate.TryAccept(http))
                {
                    StatusWriter.Write(http, trailersOnly: true, new Status(StatusCode.Unimplemented, detail), []);
                }

                return Task.CompletedTask;
            })
            .WithDisplayName($"gRPC - Unimplemented: {pattern}");
    }

    /// <summary>
    /// Leaves requests that are not gRPC to the other endpoints of the application. It looks at the method too: as
    /// metadata, that would make 405 of what is 404 now.
    /// </summary>
    private sealed class GrpcRequestConstraint : IRouteConstraint
    {
        public bool Match(
            HttpContext? httpContext,
            IRouter? route,
            string routeKey,
            RouteValueDictionary values,
            RouteDirection routeDirection) =>
            httpContext is not null
            && HttpMethods.IsPost(httpContext.Request.Method)
            && GrpcHeaders.IsGrpcContentType(httpContext.Request.ContentType);
    }
}
