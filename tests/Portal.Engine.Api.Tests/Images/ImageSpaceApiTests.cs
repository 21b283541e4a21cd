using System.Text.Json.Nodes;
using Portal.Engine.Api.Tests.Fakes;
using Portal.Engine.Api.Tests.Hosting;

namespace Portal.Engine.Api.Tests.Images;

public sealed class ImageSpaceApiTests : DockerApiTest
{
    [Theory]
    [InlineData("{}", 1)]
    [InlineData("""{"dangling":["false"]}""", 2)]
    [InlineData("""{"dangling":{"true":true},"label":["keep=yes"]}""", 1)]
    [InlineData("""{"label!":["keep"]}""", 0)]
    [InlineData("""{"dangling":["0"],"until":["24h"]}""", 2)]
    [InlineData("""{"dangling":["0"],"until":["1969-12-31T00:00:00Z"]}""", 0)]
    public async Task Prune_Filters_ChooseImages(string filters, int expected)
    {
        using var answer = await Host.PostAsync($"/images/prune?filters={Uri.EscapeDataString(filters)}");

        var json = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal(expected, json["ImagesDeleted"]!.AsArray().Count(row => row!["Deleted"] is not null));
        Assert.Equal(100 * expected, (int)json["SpaceReclaimed"]!);
    }

    [Theory]
    [InlineData("""{"until":["soon"]}""")]
    [InlineData("""{"color":["red"]}""")]
    public async Task Prune_BadFilter_IsRefused(string filters)
    {
        using var answer = await Host.PostAsync($"/images/prune?filters={Uri.EscapeDataString(filters)}");

        Assert.Equal(400, (int)answer.StatusCode);
    }

    [Fact]
    public async Task DiskUsage_SharedLayers_CountOnce()
    {
        var json = await Host.GetJsonAsync("/system/df");

        Assert.Equal(1500, (int)json["LayersSize"]!);
        Assert.Equal(FakeImages.Id, (string)json["Images"]![0]!["Id"]!);
        Assert.Equal(10, (int)json["Images"]![0]!["SharedSize"]!);
    }
}
