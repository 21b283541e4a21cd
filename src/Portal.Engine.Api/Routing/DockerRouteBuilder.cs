using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Portal.Engine.Api.Routing;

/// <summary>Maps Docker's paths, each with and without a version in front.</summary>
internal sealed class DockerRouteBuilder(IEndpointRouteBuilder endpoints, DockerRequestPipeline pipeline)
{
    private const string SlashedName = "{name}";

    public DockerRouteBuilder Map(
        string method,
        string path,
        RequestDelegate handler,
        DockerRouteBody body = DockerRouteBody.Json,
        DockerRouteSupport support = DockerRouteSupport.Full,
        string note = "")
    {
        var route = new DockerRoute(method, path, support, note, body);
        var guarded = pipeline.Wrap(route, handler);
        foreach (var prefix in new[] { "", "/v{version}" })
        {
            endpoints.Map(Parse(prefix, path), guarded)
                .WithMetadata(route, new HttpMethodMetadata([method]))
                .WithDisplayName($"Docker {method} {prefix}{path}");
        }

        return this;
    }

    /// <summary>Maps a path that answers with an error that says why.</summary>
    public DockerRouteBuilder Refuse(string method, string path, int status, string message)
    {
        return Map(
            method,
            path,
            context => DockerErrors.WriteAsync(context, status, message),
            DockerRouteBody.Stream,
            DockerRouteSupport.Refused,
            message);
    }

    private static RoutePattern Parse(string prefix, string path)
    {
        var policies = new RouteValueDictionary();
        if (prefix.Length > 0)
        {
            policies["version"] = new VersionConstraint();
        }

        // The name of an image holds slashes: it takes the rest of the path, the fixed end included.
        var name = path.IndexOf(SlashedName, StringComparison.Ordinal);
        if (name >= 0)
        {
            var suffix = path[(name + SlashedName.Length)..];
            path = path[..name] + "{**name}";
            if (suffix.Length > 0)
            {
                policies["name"] = new PathSuffixConstraint(suffix);
            }
        }

        return RoutePatternFactory.Parse(prefix + path, defaults: null, parameterPolicies: policies);
    }
}
