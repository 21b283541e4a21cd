using System.Text;
using Portal.Engine.Api.Tests.Fakes;
using Portal.Engine.Api.Tests.Hosting;

namespace Portal.Engine.Api.Tests.Registries;

public sealed class RegistryQueryTests : DockerApiTest
{
    [Theory]
    [InlineData("term=busybox", "|busybox|25")]
    [InlineData("term=ada/busybox&limit=3", "|ada/busybox|3")]
    [InlineData("term=host:5000/team/app", "host:5000|team/app|25")]
    [InlineData("term=localhost/app", "localhost|app|25")]
    [InlineData("term=registry.example.com/", "registry.example.com||25")]
    public async Task Search_Term_IsSplitFromItsRegistry(string query, string asked)
    {
        await Host.GetJsonAsync($"/images/search?{query}");

        Assert.Equal(asked, Host.Queries.Asked);
    }

    [Theory]
    [InlineData("", new[] { "busybox", "ada/busybox" })]
    [InlineData("{\"is-official\":[\"true\"]}", new[] { "busybox" })]
    [InlineData("{\"is-official\":[\"false\"]}", new[] { "ada/busybox" })]
    [InlineData("{\"is-automated\":[\"true\"]}", new[] { "ada/busybox" })]
    [InlineData("{\"stars\":[\"3\"]}", new[] { "busybox" })]
    [InlineData("{\"stars\":{\"2\":true}}", new[] { "busybox", "ada/busybox" })]
    public async Task Search_Filters_Select(string filters, string[] names)
    {
        var rows = (await Host.GetJsonAsync($"/images/search?term=box&filters={Uri.EscapeDataString(filters)}")).AsArray();

        Assert.Equal(names, rows.Select(row => (string)row!["name"]!));
    }

    [Fact]
    public async Task Search_Row_HasDockersMembers()
    {
        var row = (await Host.GetJsonAsync("/v1.41/images/search?term=box"))[0]!;

        Assert.Equal(
            """{"star_count":30,"is_official":true,"name":"busybox","is_automated":false,"description":"Small."}""", row.ToJsonString());
    }

    [Theory]
    [InlineData("term=x&filters={\"color\":[\"red\"]}")]
    [InlineData("term=x&filters={\"stars\":[\"many\"]}")]
    [InlineData("term=https://host/x")]
    [InlineData("term=x&limit=many")]
    public async Task Search_Nonsense_IsRefused(string query)
    {
        var (status, _) = await ReadErrorAsync(await Host.Client.GetAsync(new Uri($"/images/search?{query}", UriKind.Relative)));

        Assert.Equal(400, status);
    }

    [Fact]
    public async Task Distribution_Index_TellsDescriptorAndPlatforms()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1.41/distribution/host:5000/team/app:1/json");
        request.Headers.Add("X-Registry-Auth", Convert.ToBase64String(Encoding.UTF8.GetBytes("""{"username":"ada","password":"secret"}""")));
        using var response = await Host.Client.SendAsync(request);

        Assert.Equal(
            $$"""
            {"Descriptor":{"mediaType":"application/vnd.oci.image.index.v1+json","digest":"{{FakeImages.Id}}","size":7},"Platforms":[{"architecture":"amd64","os":"linux"},{"architecture":"arm","os":"linux","variant":"v7"}]}
            """,
            (await response.Content.ReadAsStringAsync()).Trim());
        Assert.Equal("host:5000/team/app:1", Host.Queries.Asked);
        Assert.Equal("secret", Host.Queries.Credentials?.Password);
    }

    [Fact]
    public async Task Distribution_Unknown_IsNotFound()
    {
        Assert.Equal(
            (404, "no such image"),
            await ReadErrorAsync(await Host.Client.GetAsync(new Uri("/distribution/nope/json", UriKind.Relative))));
    }
}
