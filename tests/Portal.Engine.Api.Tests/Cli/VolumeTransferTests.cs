using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Portal.Testing;

namespace Portal.Engine.Api.Tests.Cli;

/// <summary>Volumes to and from archives over the engine's socket.</summary>
[Collection(EngineCollection.Name)]
public sealed class VolumeTransferTests(EngineFixture fixture) : IDisposable
{
    private readonly string _name = $"v{Guid.NewGuid():N}"[..12];
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, token) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(fixture.Instance.RunRoot, "docker.sock")), token);
            return new NetworkStream(socket, ownsSocket: true);
        },
        Expect100ContinueTimeout = TestSettings.Within(TimeSpan.FromSeconds(20)),
    })
    {
        BaseAddress = new Uri("http://docker"),
        Timeout = TestSettings.Within(TimeSpan.FromSeconds(60)),
    };

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Backup_RestoredElsewhere_IsTheSame()
    {
        await FillAsync("archived");

        var archive = await BackupAsync("users=pause");
        var digest = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(archive))}";
        using var answer = await RestoreAsync(_name + "b", $"create=1&digest={digest}", archive);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var told = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.Equal((_name + "b", "2", "9"), ((string)told["Name"]!, $"{told["Entries"]}", $"{told["Bytes"]}"));
        Assert.Equal(digest, (string)told["Digest"]!);
        Assert.Equal("archived\n", await ReadAsync(_name + "b"));
    }

    [Fact]
    public async Task Restore_RefusedBeforeOrAfterItIsRead_TellsWhy()
    {
        await FillAsync("kept");
        var archive = await BackupAsync("");

        using var taken = await RestoreAsync(_name, "", archive);
        using var spoiled = await RestoreAsync(_name, "replace=1", [.. archive[..^20], .. RandomNumberGenerator.GetBytes(3_000_000)]);
        using var unknown = await RestoreAsync(_name + "x", "", archive);
        using var paused = await RestoreAsync(_name, "replace=1&users=pause", archive);
        using var nonsense = await RestoreAsync(_name, "users=kill", archive);

        Assert.Equal(HttpStatusCode.Conflict, taken.StatusCode);
        Assert.Contains("not empty", await taken.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.BadRequest, spoiled.StatusCode);
        Assert.Contains("refused", await spoiled.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, paused.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, nonsense.StatusCode);
        Assert.Equal("kept\n", await ReadAsync(_name));
    }

    private Task FillAsync(string word) =>
        fixture.Docker.RunAsync("run", "--rm", "--network", "none", "-v", $"{_name}:/v", "busybox", "sh", "-c", $"echo {word} > /v/f");

    private async Task<string> ReadAsync(string volume) =>
        (await fixture.Docker.RunAsync("run", "--rm", "--network", "none", "-v", $"{volume}:/v", "busybox", "cat", "/v/f")).Output;

    private async Task<byte[]> BackupAsync(string query)
    {
        using var answer = await _client.PostAsync($"/portal/volumes/{_name}/backup?{query}", null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    private Task<HttpResponseMessage> RestoreAsync(string volume, string query, byte[] archive)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/portal/volumes/{volume}/restore?{query}")
        {
            Content = new StreamContent(new MemoryStream(archive)),
        };
        request.Headers.ExpectContinue = true;
        request.Headers.TransferEncodingChunked = true;
        return _client.SendAsync(request);
    }
}
