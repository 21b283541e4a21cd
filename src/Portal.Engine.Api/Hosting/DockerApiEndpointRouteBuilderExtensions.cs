using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Api.Routing;

namespace Portal.Engine.Api.Hosting;

/// <summary>Maps Docker's API.</summary>
public static class DockerApiEndpointRouteBuilderExtensions
{
    private const string NoPage = "page not found";

    /// <summary>
    /// Maps every path of Docker's API, with and without a version, and an error for all others. What is mapped is told by the endpoints' metadata
    /// (<see cref="DockerRoute"/>). The routes answer on listeners for Docker alone and are a missing page elsewhere.
    /// </summary>
    public static IEndpointRouteBuilder MapDockerApi(this IEndpointRouteBuilder endpoints)
    {
        var pipeline = endpoints.ServiceProvider.GetRequiredService<DockerRequestPipeline>();
        var routes = new DockerRouteBuilder(endpoints, pipeline);
        foreach (var table in endpoints.ServiceProvider.GetServices<IDockerRoutes>())
        {
            table.Map(routes);
        }

        var unknown = new DockerRoute("*", "*", DockerRouteSupport.Refused, NoPage, DockerRouteBody.Stream);
        endpoints
            .MapFallback("{**path}", pipeline.Wrap(unknown, context => DockerErrors.WriteAsync(context, StatusCodes.Status404NotFound, NoPage)))
            .WithMetadata(unknown)
            .WithDisplayName("Docker unknown path");
        return endpoints;
    }
}
