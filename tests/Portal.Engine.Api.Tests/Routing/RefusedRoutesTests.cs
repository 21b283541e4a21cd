using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Api.Routing;
using Portal.Engine.Api.Tests.Hosting;

namespace Portal.Engine.Api.Tests.Routing;

/// <summary>What this engine has not answers as an engine does that is in no swarm, with a reason, with and without a version.</summary>
public sealed class RefusedRoutesTests : DockerApiTest
{
    [Fact]
    public async Task Request_EveryRefusedRoute_AnswersStatusAndReason()
    {
        var routes = Host.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Select(endpoint => endpoint.Metadata.GetMetadata<DockerRoute>()).OfType<DockerRoute>()
            .Where(route => route.Support == DockerRouteSupport.Refused && route.Path.StartsWith('/')).Distinct().ToList();

        Assert.NotEmpty(routes);
        foreach (var route in routes)
        {
            var path = route.Path.Replace("{id}", "x1", StringComparison.Ordinal).Replace("{name}", "a/b:1", StringComparison.Ordinal);
            foreach (var prefix in (string[])["", "/v1.24", "/v1.47"])
            {
                using var request = new HttpRequestMessage(new HttpMethod(route.Method), prefix + path);
                using var response = await Host.Client.SendAsync(request);
                var status = route.Note.StartsWith("This node is not", StringComparison.Ordinal) ? 503 : 501;
                Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
                Assert.Equal((route, status, route.Note), await WithAsync(route, response));
            }
        }
    }

    private static async Task<(DockerRoute Route, int Status, string Message)> WithAsync(DockerRoute route, HttpResponseMessage response)
    {
        var (status, message) = await ReadErrorAsync(response);
        return (route, status, message);
    }
}
