using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Portal.Engine.Api.Routing;

/// <summary>Takes what looks like a version; whether it is one that we speak is said in an error, not by a missing page.</summary>
internal sealed class VersionConstraint : IRouteConstraint
{
    public bool Match(
        HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection)
    {
        return ApiVersion.TryParse(values[routeKey] as string, out _);
    }
}
