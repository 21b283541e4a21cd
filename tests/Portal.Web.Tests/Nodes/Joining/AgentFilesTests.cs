using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Web.Nodes.Joining;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Nodes.Joining;

public sealed class AgentFilesTests(TestPortal portal) : IClassFixture<TestPortal>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-files-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Files_OfARelease_AreGivenToAnybodyAndNothingElseIs()
    {
        const string Archive = "portal-agent-linux-x64.tar.gz";
        await File.WriteAllTextAsync(Path.Combine(_folder, "install.sh"), "#!/bin/sh\n");
        await File.WriteAllTextAsync(Path.Combine(_folder, "SHA256SUMS"), "00  x\n");
        await File.WriteAllTextAsync(Path.Combine(_folder, Archive), "0123456789");
        await File.WriteAllTextAsync(Path.Combine(_folder, "secrets.key"), "secret");
        var files = new AgentFiles(_folder);
        await using var other = portal.Create([], builder =>
        {
            builder.Services.RemoveAll<AgentFiles>();
            builder.Services.AddSingleton(files);
        });
        await other.StartAsync(default);
        using var client = portal.CreateClient(other.Address);

        Assert.True(files.AreThere);
        Assert.Equal("#!/bin/sh\n", await client.GetStringAsync("/install.sh"));
        Assert.Equal("00  x\n", await client.GetStringAsync("/install/SHA256SUMS"));
        using var part = new HttpRequestMessage(HttpMethod.Get, $"/install/{Archive}") { Headers = { { "Range", "bytes=4-" } } };
        using var rest = await client.SendAsync(part);
        Assert.Equal((HttpStatusCode.PartialContent, "456789"), (rest.StatusCode, await rest.Content.ReadAsStringAsync()));
        string[] absent =
            ["/install/secrets.key", "/install/install.sh", "/install/..%2fSHA256SUMS", "/install/portal-agent-linux-arm64.tar.gz"];
        foreach (var path in absent)
        {
            using var answer = await client.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        await other.StopAsync(default);
    }

    [Fact]
    public async Task Files_OfNoRelease_AreNotThere()
    {
        using var client = portal.CreateClient();

        Assert.False(portal.Services.GetRequiredService<AgentFiles>().AreThere);
        using var answer = await client.GetAsync("/install.sh");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }
}
