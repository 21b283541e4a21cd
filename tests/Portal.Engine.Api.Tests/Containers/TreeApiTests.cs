using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Api.Containers.Mapping;
using Portal.Engine.Api.Tests.Fakes;
using Portal.Engine.Api.Tests.Hosting;
using Portal.Engine.Containers.Committing;
using Portal.Engine.Trees;

namespace Portal.Engine.Api.Tests.Containers;

public sealed class TreeApiTests : DockerApiTest
{
    private FakeTrees Trees => (FakeTrees)Host.Services.GetRequiredService<IContainerTrees>();

    private ContainerCommit Committed => ((FakeCommits)Host.Services.GetRequiredService<IContainerCommits>()).Asked!;

    [Fact]
    public async Task Changes_OfAContainer_AreDockersNumbers()
    {
        var changes = await Host.GetJsonAsync("/v1.41/containers/c1/changes");

        Assert.Equal("""[{"Path":"/etc","Kind":0},{"Path":"/etc/\u0022new\u0022","Kind":1}]""", changes.ToJsonString());
    }

    [Theory]
    [InlineData("changes")]
    [InlineData("export")]
    [InlineData("archive?path=/")]
    public async Task Get_OfAMissingContainer_IsNotFound(string what)
    {
        var answer = await Host.Client.GetAsync(new Uri($"/containers/missing/{what}", UriKind.Relative));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("No such container: missing", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Archive_Head_TellsInAHeaderAlone()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, new Uri("/containers/c1/archive?path=%2Fetc%2F", UriKind.Relative));
        var answer = await Host.Client.SendAsync(request);

        var stat = JsonNode.Parse(Convert.FromBase64String(Assert.Single(answer.Headers.GetValues("X-Docker-Container-Path-Stat"))))!;
        Assert.Equal("etc", (string)stat["name"]!);
        Assert.Equal(2147484141, (long)stat["mode"]!);
        Assert.Equal("1970-01-02T00:00:00Z", (string)stat["mtime"]!);
        Assert.Equal("", (string)stat["linkTarget"]!);
        Assert.Equal(["/etc/"], Trees.Asked);
    }

    [Fact]
    public async Task Archive_Get_HasTheHeaderToo()
    {
        var answer = await Host.Client.GetAsync(new Uri("/containers/c1/archive?path=etc", UriKind.Relative));

        Assert.Equal("application/x-tar", answer.Content.Headers.ContentType!.MediaType);
        Assert.True(answer.Headers.Contains("X-Docker-Container-Path-Stat"));
        Assert.Equal("archive", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Archive_Put_PassesItsOptions()
    {
        using var content = new ByteArrayContent("tar"u8.ToArray());
        var answer = await Host.Client.PutAsync(
            new Uri("/containers/c1/archive?path=/tmp&noOverwriteDirNonDir=true&copyUIDGID=1", UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["/tmp tar True True"], Trees.Asked);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("PUT")]
    public async Task Archive_WithoutPath_IsRefused(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri("/containers/c1/archive", UriKind.Relative));

        Assert.Equal(HttpStatusCode.BadRequest, (await Host.Client.SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData(0x81ED, 0x1EDu)]
    [InlineData(0x8DED, 0xC001EDu)]
    [InlineData(0x43FF, 0x801001FFu)]
    [InlineData(0xA1FF, 0x080001FFu)]
    [InlineData(0x21B6, 0x042001B6u)]
    [InlineData(0x61B0, 0x040001B0u)]
    [InlineData(0x11A4, 0x020001A4u)]
    [InlineData(0xC1ED, 0x010001EDu)]
    public void GoFileMode_OfEachKind_IsGos(int mode, uint expected)
    {
        Assert.Equal(expected, GoFileMode.From(mode));
    }

    [Fact]
    public async Task Commit_WithAll_PassesItOn()
    {
        var answer = await Host.PostAsync(
            "/v1.41/commit?container=c1&repo=a/b&tag=t&comment=why&author=who&pause=0&changes=ENV%20A=b%0ACMD%20x&changes=USER%20u",
            """{"User":"web","Env":["X=y"],"Cmd":"run","Healthcheck":{"Test":["NONE"]},"ExposedPorts":{"80/tcp":{}},"OnBuild":null}""");

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal($$"""{"Id":"{{FakeImages.Id}}"}""", await answer.Content.ReadAsStringAsync());
        Assert.Equal("c1 a/b:t why who False", $"{Committed.Container} {Committed.Name} {Committed.Message} {Committed.Author} {Committed.Pause}");
        Assert.Equal(["ENV A=b", "CMD x", "USER u"], Committed.Changes);
        Assert.Equal("web", Committed.Config!.User);
        Assert.Equal(["NONE"], Committed.Config.Healthcheck!.Test);
        Assert.Equal(["80/tcp"], Committed.Config.ExposedPorts);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    public async Task Commit_WithNothing_TakesTheContainersOwn(string? body)
    {
        var answer = await Host.PostAsync("/commit?container=c1", body);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Null(Committed.Config);
        Assert.Null(Committed.Name);
        Assert.True(Committed.Pause);
    }

    [Fact]
    public async Task Commit_WithoutContainer_IsRefused()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await Host.PostAsync("/commit")).StatusCode);
    }
}
