using System.Net;
using System.Text.Json.Nodes;
using Portal.Engine.Api.Images;
using Portal.Engine.Api.Tests.Fakes;
using Portal.Engine.Api.Tests.Hosting;
using Portal.Engine.Errors;
using Portal.Engine.Images;

namespace Portal.Engine.Api.Tests.Images;

public sealed class ImageApiTests : DockerApiTest
{
    [Theory]
    [InlineData("/images/busybox/json", "busybox")]
    [InlineData("/v1.40/images/localhost:5000/a/b:1/json", "localhost:5000/a/b:1")]
    [InlineData("/images/localhost:5000%2Fa%2Fb:1/json", "localhost:5000/a/b:1")]
    public async Task Inspect_NamesWithSlashes_AreFound(string path, string asked)
    {
        var json = await Host.GetJsonAsync(path);

        Assert.Equal(asked, Host.Images.Asked);
        Assert.Equal(FakeImages.Id, (string)json["Id"]!);
        Assert.Equal("sh", (string)json["Config"]!["Cmd"]![0]!);
        Assert.Equal("layers", (string)json["RootFS"]!["Type"]!);
    }

    [Fact]
    public async Task Inspect_Unknown_IsNotFound()
    {
        Assert.Equal(
            (404, "No such image: nope"),
            await ReadErrorAsync(await Host.Client.GetAsync(new Uri("/images/nope/json", UriKind.Relative))));
    }

    [Fact]
    public async Task List_Filters_Select()
    {
        Host.Images.All.Add(new ImageSummary { Id = "sha256:x", Created = DateTimeOffset.UnixEpoch });

        Assert.Equal(2, (await Host.GetJsonAsync("/images/json")).AsArray().Count);
        Assert.Equal("sha256:x", (string)Assert.Single((await Host.GetJsonAsync("/images/json?filters={\"dangling\":[\"true\"]}")).AsArray())!["Id"]!);
        Assert.Single((await Host.GetJsonAsync("/images/json?filters={\"reference\":[\"busy*\"]}")).AsArray());
        Assert.Single((await Host.GetJsonAsync("/images/json?filters={\"reference\":[\"busybox:la*\"]}")).AsArray());
        Assert.Empty((await Host.GetJsonAsync("/images/json?filters={\"reference\":[\"a/busybox\"]}")).AsArray());
    }

    [Fact]
    public async Task List_Until_SelectsTheOlder()
    {
        Host.Images.All.Add(new ImageSummary { Id = "sha256:x", Created = DateTimeOffset.UnixEpoch.AddDays(9) });

        var older = (await Host.GetJsonAsync("/images/json?filters={\"until\":[\"1970-01-05T00:00:00Z\"]}")).AsArray();

        Assert.Equal(FakeImages.Id, (string)Assert.Single(older)!["Id"]!);
    }

    [Theory]
    [InlineData("v1.43", 1234)]
    [InlineData("v1.44", null)]
    public async Task VirtualSize_OfOldVersions_IsTheSize(string version, int? size)
    {
        var row = (await Host.GetJsonAsync($"/{version}/images/json"))[0]!;
        var details = await Host.GetJsonAsync($"/{version}/images/busybox/json");

        Assert.Equal(size, (int?)row["VirtualSize"]);
        Assert.Equal(size is not null, details["VirtualSize"] is not null);
    }

    [Fact]
    public async Task Inspect_Members_AreThoseOfTheReference()
    {
        var json = await Host.GetJsonAsync("/images/busybox/json");

        string[] expected =
        [
            "Hostname", "Domainname", "User", "AttachStdin", "AttachStdout", "AttachStderr", "Tty", "OpenStdin", "StdinOnce", "Env", "Cmd",
            "Image", "Volumes", "WorkingDir", "Entrypoint", "OnBuild", "Labels",
        ];
        Assert.Empty(expected.Except(json["Config"]!.AsObject().Select(member => member.Key)));
        Assert.Equal("RUN x", (string)json["Config"]!["OnBuild"]![0]!);
        Assert.NotNull(json["GraphDriver"]!["Data"]);
    }

    [Fact]
    public async Task List_SharedSize_IsCountedWhenAskedFor()
    {
        Assert.Equal(-1, (long)Assert.Single((await Host.GetJsonAsync("/images/json")).AsArray())!["SharedSize"]!);
        Assert.Equal(10, (long)Assert.Single((await Host.GetJsonAsync("/images/json?shared-size=1")).AsArray())!["SharedSize"]!);
    }

    [Fact]
    public async Task History_Steps_NewestFirst()
    {
        var json = await Host.GetJsonAsync("/images/busybox/history");

        Assert.Equal(["CMD", "ADD"], json.AsArray().Select(step => (string)step!["CreatedBy"]!));
        Assert.Equal([FakeImages.Id, "<missing>"], json.AsArray().Select(step => (string)step!["Id"]!));
    }

    [Fact]
    public async Task Pull_Progress_IsAStreamOfDocuments()
    {
        Host.Images.Transfer = progress =>
        {
            progress.Report(new TransferProgress("busybox", TransferPhase.Resolving));
            progress.Report(new TransferProgress("abc", TransferPhase.Downloading, 50, 100));
            progress.Report(new TransferProgress("abc", TransferPhase.Complete));
            return Task.CompletedTask;
        };

        using var response = await Host.PostAsync("/images/create?fromImage=busybox&tag=1.36&platform=linux/arm64");
        var lines = await ReadLinesAsync(response);

        Assert.Equal("busybox:1.36 linux/arm64", Host.Images.Asked);
        Assert.Equal(("Pulling from library/busybox", "1.36"), ((string)lines[0]["status"]!, (string)lines[0]["id"]!));
        Assert.Equal(50, (int)lines[1]["progressDetail"]!["current"]!);
        Assert.Equal("[=========================>                         ]  50B/100B", (string)lines[1]["progress"]!);
        Assert.Equal(("Pull complete", "abc"), ((string)lines[2]["status"]!, (string)lines[2]["id"]!));
        Assert.StartsWith("Digest: sha256:2222", (string)lines[3]["status"]!);
        Assert.Equal("Status: Downloaded newer image for busybox:1.36", (string)lines[4]["status"]!);
    }

    [Theory]
    [InlineData("fromImage=host:5000/busybox")]
    [InlineData("fromImage=host:5000/busybox&tag=")]
    public async Task Pull_NoTag_PullsAllOfThem(string query)
    {
        using var response = await Host.PostAsync($"/images/create?{query}");
        var lines = await ReadLinesAsync(response);

        Assert.Equal("host:5000/busybox", Host.Registries.Asked);
        Assert.Equal(["1", "2"], lines.Take(2).Select(line => (string)line["id"]!));
        Assert.All(lines.Take(2), line => Assert.Equal("Pulling from busybox", (string)line["status"]!));
        Assert.Equal("Status: Image is up to date for host:5000/busybox", (string)lines[^1]["status"]!);
    }

    [Theory]
    [InlineData("docker.io/library/busybox:1", "busybox:1", "library/busybox")]
    [InlineData("docker.io/a/b:1", "a/b:1", "a/b")]
    [InlineData("busybox:1", "busybox:1", "library/busybox")]
    [InlineData("localhost/x:1", "localhost/x:1", "x")]
    [InlineData("host:5000/a/b@sha256:0", "host:5000/a/b@sha256:0", "a/b")]
    [InlineData("library/a/b:1", "library/a/b:1", "library/a/b")]
    public void Names_AsDockerShowsThem_AreShort(string name, string familiar, string path)
    {
        Assert.Equal((familiar, path), (ImageNames.Familiar(name), ImageNames.PathInRegistry(name)));
    }

    [Fact]
    public async Task Pull_FailsAtOnce_IsAnOrdinaryError()
    {
        Host.Images.Transfer = _ => throw EngineException.NotFound("no such repository");

        Assert.Equal((404, "no such repository"), await ReadErrorAsync(await Host.PostAsync("/images/create?fromImage=busybox&tag=latest")));
    }

    [Fact]
    public async Task Pull_FailsLater_EndsWithErrorDetail()
    {
        var begun = new TaskCompletionSource();
        Host.Images.Transfer = async progress =>
        {
            progress.Report(new TransferProgress("busybox", TransferPhase.Resolving));
            await begun.Task;
            throw new EngineException(EngineErrorKind.Unavailable, "registry gone");
        };

        using var request = new HttpRequestMessage(HttpMethod.Post, "/images/create?fromImage=busybox&tag=latest");
        using var response = await Host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        begun.SetResult();
        var lines = await ReadLinesAsync(response);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("registry gone", (string)lines[^1]["errorDetail"]!["message"]!);
        Assert.Equal("registry gone", (string)lines[^1]["error"]!);
    }

    [Fact]
    public async Task Load_LongArchive_IsStreamed()
    {
        const int Length = 40_000_000;
        using var content = new ByteArrayContent(new byte[Length]);
        using var response = await Host.Client.PostAsync(new Uri("/images/load?quiet=1", UriKind.Relative), content);
        var lines = await ReadLinesAsync(response);

        Assert.Equal(Length, Host.Images.LoadedBytes);
        Assert.Equal("Loaded image: busybox:latest\n", (string)Assert.Single(lines)["stream"]!);
    }

    [Fact]
    public async Task TagAndRemove_Names_ArePassedOn()
    {
        using var tagged = await Host.PostAsync("/images/busybox/tag?repo=localhost:5000/x&tag=2");
        Assert.Equal((201, "busybox as localhost:5000/x:2"), ((int)tagged.StatusCode, Host.Images.Asked));

        using var removed = await Host.Client.DeleteAsync(new Uri("/images/localhost:5000/x:2?force=1", UriKind.Relative));
        var json = JsonNode.Parse(await removed.Content.ReadAsStringAsync())!;
        Assert.Equal("localhost:5000/x:2 True", Host.Images.Asked);
        Assert.Equal("localhost:5000/x:2", (string)json[0]!["Untagged"]!);
        Assert.Equal(FakeImages.Id, (string)json[1]!["Deleted"]!);
    }

    private static async Task<List<JsonNode>> ReadLinesAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        return text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
    }

    [Theory]
    [InlineData("/images/busybox:1/get", "busybox:1")]
    [InlineData("/v1.40/images/get?names=a/b:1&names=c", "a/b:1,c")]
    [InlineData("/images/get?names=a&platform=linux/arm64", "a for linux/arm64")]
    [InlineData("/images/a/get?platform=%7B%22os%22:%22linux%22,%22architecture%22:%22s390x%22%7D", "a for linux/s390x")]
    public async Task Save_NamedImages_GivesTheirArchive(string path, string archive)
    {
        using var answer = await Host.Client.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal("application/x-tar", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(archive, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Save_UnknownImage_IsNotFound()
    {
        using var answer = await Host.Client.GetAsync(new Uri("/images/missing/get", UriKind.Relative));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("missing", await answer.Content.ReadAsStringAsync());
    }
}
