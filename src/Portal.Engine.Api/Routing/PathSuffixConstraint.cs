using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Portal.Engine.Api.Routing;

/// <summary>
/// Tells routes apart whose middle part may hold slashes, as names of images do (<c>/images/host:5000/a/b/json</c>): the framework lets only a
/// last parameter take slashes, so the fixed end belongs to the parameter's value and is checked here.
/// </summary>
internal sealed class PathSuffixConstraint(string suffix) : IRouteConstraint
{
    public bool Match(
        HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection)
    {
        return values[routeKey] is string value
            && value.Length > suffix.Length
            && value.EndsWith(suffix, StringComparison.Ordinal);
    }
}
