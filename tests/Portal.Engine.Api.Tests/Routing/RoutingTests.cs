using System.Net;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Api.Routing;
using Portal.Engine.Api.Tests.Fakes;
using Portal.Engine.Api.Tests.Hosting;
using Portal.Engine.Errors;

namespace Portal.Engine.Api.Tests.Routing;

public sealed class RoutingTests : DockerApiTest
{
    [Theory]
    [InlineData("/_ping")]
    [InlineData("/v1.24/_ping")]
    [InlineData("/v1.47/_ping")]
    public async Task Ping_AnyKnownVersion_AnswersOkWithHeaders(string path)
    {
        using var response = await Host.Client.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal("OK", await response.Content.ReadAsStringAsync());
        Assert.Equal("1.47", Assert.Single(response.Headers.GetValues("Api-Version")));
        Assert.Equal("false", Assert.Single(response.Headers.GetValues("Docker-Experimental")));
        Assert.Equal("linux", Assert.Single(response.Headers.GetValues("Ostype")));
        Assert.StartsWith("Portal/", response.Headers.Server.ToString());
    }

    [Fact]
    public async Task Ping_Head_HasHeadersAndNoBody()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/_ping");
        using var response = await Host.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("1.47", Assert.Single(response.Headers.GetValues("Api-Version")));
        Assert.Equal(0, response.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task Version_TooNew_IsRefusedInDockersWords()
    {
        var error = await ReadErrorAsync(await Host.Client.GetAsync(new Uri("/v1.99/info", UriKind.Relative)));

        Assert.Equal((400, "client version 1.99 is too new. Maximum supported API version is 1.47"), error);
    }

    [Fact]
    public async Task Version_TooOld_IsRefusedInDockersWords()
    {
        var error = await ReadErrorAsync(await Host.Client.GetAsync(new Uri("/v1.12/info", UriKind.Relative)));

        Assert.Equal(
            (400, "client version 1.12 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version"),
            error);
    }

    [Theory]
    [InlineData("GET", "/nowhere")]
    [InlineData("GET", "/v1.47/nowhere")]
    [InlineData("GET", "/v1.x/info")]
    [InlineData("PATCH", "/containers/json")]
    [InlineData("GET", "/containers/%2e%2e/info%00")]
    public async Task UnknownPath_AnyMethod_IsDockersMissingPage(string method, string path)
    {
        using var socket = await Host.SendAsync($"{method} {path} HTTP/1.1");

        var head = await socket.ReadHeadAsync();

        Assert.Matches("^HTTP/1.1 40[04] ", head);
    }

    [Fact]
    public async Task UnknownPath_Body_IsDockersMessage()
    {
        Assert.Equal((404, "page not found"), await ReadErrorAsync(await Host.Client.GetAsync(new Uri("/nowhere", UriKind.Relative))));
    }

    [Theory]
    [InlineData("GET", "/services")]
    [InlineData("GET", "/swarm")]
    [InlineData("POST", "/secrets/create")]
    public async Task SwarmPaths_Always_AnswerAsOutsideASwarm(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        var error = await ReadErrorAsync(await Host.Client.SendAsync(request));

        Assert.Equal(503, error.Status);
        Assert.StartsWith("This node is not a swarm manager.", error.Message);
    }

    [Theory]
    [InlineData(EngineErrorKind.NotFound, 404)]
    [InlineData(EngineErrorKind.AlreadyExists, 409)]
    [InlineData(EngineErrorKind.Conflict, 409)]
    [InlineData(EngineErrorKind.InvalidArgument, 400)]
    [InlineData(EngineErrorKind.Unauthenticated, 401)]
    [InlineData(EngineErrorKind.Forbidden, 403)]
    [InlineData(EngineErrorKind.Unavailable, 503)]
    [InlineData(EngineErrorKind.Internal, 500)]
    public async Task Failure_OfEachKind_HasItsStatusAndMessage(EngineErrorKind kind, int status)
    {
        Host.Containers.All.Add(FakeContainers.Describe());
        Host.Containers.Failure = new EngineException(kind, "what was tried and why not");

        Assert.Equal((status, "what was tried and why not"), await ReadErrorAsync(await Host.PostAsync("/containers/web/pause")));
    }

    [Fact]
    public async Task Failure_Unexpected_TellsNothingOfItself()
    {
        Host.Containers.All.Add(FakeContainers.Describe());
        Host.Containers.Failure = new InvalidOperationException("secret detail");

        var error = await ReadErrorAsync(await Host.PostAsync("/containers/web/pause"));

        Assert.Equal(500, error.Status);
        Assert.DoesNotContain("secret", error.Message);
    }

    [Theory]
    [InlineData("", "EOF")]
    [InlineData("{", "invalid JSON")]
    [InlineData("[]", "expected an object")]
    [InlineData("{\"Image\":7}", "invalid JSON")]
    [InlineData("{\"Image\":\"busybox\",\"HostConfig\":{\"Memory\":\"1g\"}}", "invalid JSON")]
    [InlineData("{\"Cmd\":[1]}", "invalid JSON")]
    public async Task Body_NotWhatIsExpected_IsRefused(string body, string hint)
    {
        var error = await ReadErrorAsync(await Host.PostAsync("/containers/create", body));

        Assert.Equal(400, error.Status);
        Assert.Contains(hint, error.Message);
    }

    [Fact]
    public async Task Body_TooDeep_IsRefused()
    {
        var body = string.Concat(Enumerable.Repeat("{\"a\":", 5000));

        Assert.Equal(400, (await ReadErrorAsync(await Host.PostAsync("/containers/create", body))).Status);
    }

    [Fact]
    public async Task Body_TooLong_IsRefusedUnread()
    {
        using var socket = await Host.SendAsync(
            "POST /containers/create HTTP/1.1|Content-Type: application/json|Content-Length: 90000000");

        Assert.StartsWith("HTTP/1.1 413 ", await socket.ReadHeadAsync());
    }

    [Fact]
    public async Task Body_OfAnotherType_IsRefused()
    {
        using var content = new StringContent("{}", Encoding.UTF8, "text/plain");
        var error = await ReadErrorAsync(await Host.Client.PostAsync(new Uri("/containers/create", UriKind.Relative), content));

        Assert.Equal((400, "unsupported Content-Type header (text/plain; charset=utf-8): must be 'application/json'"), error);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("{\"status\":7}")]
    [InlineData("{\"status\":{\"exited\":\"x\"}}")]
    [InlineData("{\"unheard-of\":[\"x\"]}")]
    [InlineData("{\"status\":[\"sleeping\"]}")]
    [InlineData("{\"exited\":[\"x\"]}")]
    public async Task Filters_NotWhatIsKnown_AreRefused(string filters)
    {
        var error = await ReadErrorAsync(
            await Host.Client.GetAsync(new Uri($"/containers/json?filters={Uri.EscapeDataString(filters)}", UriKind.Relative)));

        Assert.Equal(400, error.Status);
        Assert.StartsWith("invalid filter", error.Message);
    }

    [Fact]
    public void Routes_All_TellWhatTheyAre()
    {
        var endpoints = Host.Services.GetRequiredService<EndpointDataSource>().Endpoints;

        Assert.NotEmpty(endpoints);
        Assert.All(endpoints, endpoint =>
        {
            var route = endpoint.Metadata.GetMetadata<DockerRoute>();
            Assert.NotNull(route);
            Assert.True(route.Support == DockerRouteSupport.Full || route.Note.Length > 0, $"{route.Path} says not why");
        });
    }
}
