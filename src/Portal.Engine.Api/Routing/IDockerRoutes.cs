namespace Portal.Engine.Api.Routing;

/// <summary>The route table of one resource.</summary>
internal interface IDockerRoutes
{
    void Map(DockerRouteBuilder routes);
}
