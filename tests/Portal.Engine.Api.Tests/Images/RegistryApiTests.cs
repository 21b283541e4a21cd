using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Engine.Api.Tests.Fakes;
using Portal.Engine.Api.Tests.Hosting;

namespace Portal.Engine.Api.Tests.Images;

public sealed class RegistryApiTests : DockerApiTest
{
    private const string Ada = """{"username":"ada","password":"secret","serveraddress":"host:5000"}""";

    [Fact]
    public async Task Push_OnePlatformOfAnIndex_TellsInTheClientsOwnForm()
    {
        using var answer = await Host.PostAsync("/images/host:5000/part/push?tag=1");

        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var note = JsonNode.Parse(lines[^1])!["aux"]!;
        Assert.True((bool)note["manifestPushedInsteadOfIndex"]!);
        Assert.Equal("sha256:" + new string('e', 64), (string)note["originalIndex"]!["digest"]!);
        Assert.Equal(FakeImages.Id, (string)note["selectedManifest"]!["digest"]!);
        Assert.Null(note["Tag"]);
    }

    [Theory]
    [InlineData("linux/arm64/v8", "linux/arm64/v8")]
    [InlineData("%7B%22os%22:%22linux%22,%22architecture%22:%22arm64%22%7D", "linux/arm64")]
    public async Task Push_ForAPlatform_PushesThat(string query, string platform)
    {
        using var answer = await Host.PostAsync($"/images/host:5000/a/push?tag=1&platform={query}");

        Assert.Equal(platform, Host.Registries.Platform?.ToString());
    }

    [Fact]
    public async Task Push_WithCredentials_ShowsProgressAndResult()
    {
        using var answer = await SendAsync("/images/host:5000/a/b/push?tag=1", Convert.ToBase64String(Encoding.UTF8.GetBytes(Ada)));

        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal("The push refers to repository [host:5000/a/b]", (string)lines[0]["status"]!);
        Assert.Equal(("Pushing", 5), ((string)lines[1]["status"]!, (int)lines[1]["progressDetail"]!["current"]!));
        Assert.Equal("Mounted from b", (string)lines[2]["status"]!);
        Assert.StartsWith("1: digest: sha256:1", (string)lines[3]["status"]!);
        Assert.Equal(("1", 42), ((string)lines[4]["aux"]!["Tag"]!, (int)lines[4]["aux"]!["Size"]!));
        Assert.Equal(("host:5000/a/b:1", "ada"), (Host.Registries.Asked, Host.Registries.Credentials!.Username));
    }

    [Fact]
    public async Task Pull_WithIdentityToken_PassesItOn()
    {
        var header = Convert.ToBase64String("""{"identitytoken":"abc","password":null}"""u8.ToArray());

        using var answer = await SendAsync("/images/create?fromImage=host:5000/a&tag=1", header);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("abc", Host.Registries.Credentials!.IdentityToken);
    }

    [Theory]
    [InlineData("%%%")]
    [InlineData("bm9uc2Vuc2U=")]
    [InlineData("WyJhIl0=")]
    public async Task Pull_MalformedCredentials_AreRefusedWithoutBeingRepeated(string header)
    {
        using var answer = await SendAsync("/images/create?fromImage=host:5000/a&tag=1", header);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.DoesNotContain(header, await answer.Content.ReadAsStringAsync());
        Assert.Null(Host.Registries.Asked);
    }

    [Fact]
    public async Task Login_RightAndWrongPassword_IsAnsweredAsDockerDoes()
    {
        using var right = await Host.PostAsync("/auth", Ada);
        using var wrong = await Host.PostAsync("/auth", Ada.Replace("secret", "guess"));
        using var none = await Host.PostAsync("/auth", """{"serveraddress":"host:5000"}""");

        Assert.Equal("""{"Status":"Login Succeeded","IdentityToken":"token"}""", await right.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);
    }

    private Task<HttpResponseMessage> SendAsync(string path, string auth)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative));
        request.Headers.TryAddWithoutValidation("X-Registry-Auth", auth);
        return Host.Client.SendAsync(request);
    }
}
