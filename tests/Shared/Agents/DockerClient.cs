using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Portal.Testing.Agents;

/// <summary>The little of Docker's API that tests of agents ask for, over the agent's socket.</summary>
public sealed class DockerClient : IDisposable
{
    private const int FrameHeader = 8;
    private readonly HttpClient _http;

    public DockerClient(string socketPath)
    {
        // Idle connections are descriptors of the agent, which some tests count.
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) => await ConnectAsync(socketPath, token),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(4),
        };
        _http = new HttpClient(handler)
        {
            BaseAddress = new Uri("http://docker/v1.41/"),
            Timeout = TestSettings.Within(TimeSpan.FromMinutes(1)),
        };
    }

    /// <summary>True when the socket answers.</summary>
    public async Task<bool> AnswersAsync()
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri("_ping", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public async Task<JsonNode> GetAsync(string path)
    {
        using var answer = await SendAsync(HttpMethod.Get, path);
        return (await JsonNode.ParseAsync(await answer.Content.ReadAsStreamAsync()))!;
    }

    /// <summary>An answer as it is.</summary>
    public async Task<string> TextAsync(string path)
    {
        using var answer = await SendAsync(HttpMethod.Get, path);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <returns>The answer; null when it has no body.</returns>
    public async Task<JsonNode?> PostAsync(string path, JsonNode? body = null)
    {
        using var answer = await SendAsync(HttpMethod.Post, path, body);
        var text = await answer.Content.ReadAsStringAsync();
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    public async Task DeleteAsync(string path)
    {
        using var answer = await SendAsync(HttpMethod.Delete, path);
    }

    /// <summary>The status of a question, whatever it is.</summary>
    public async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative));
        return answer.StatusCode;
    }

    /// <summary>Loads what <c>docker save</c> wrote.</summary>
    public async Task LoadAsync(string archive)
    {
        await using var file = File.OpenRead(archive);
        using var content = new StreamContent(file);
        using var answer = await _http.PostAsync(new Uri("images/load?quiet=1", UriKind.Relative), content);
        await EnsureAsync(answer, "images/load");
    }

    /// <summary>Makes a container of busybox that runs a shell script.</summary>
    /// <param name="script">The script.</param>
    /// <param name="host">Its <c>HostConfig</c>.</param>
    /// <param name="change">Changes the rest of the request.</param>
    /// <returns>Its id.</returns>
    public async Task<string> CreateAsync(string script, JsonObject? host = null, Action<JsonObject>? change = null)
    {
        var body = new JsonObject { ["Image"] = "busybox", ["Cmd"] = new JsonArray("sh", "-c", script), ["HostConfig"] = host ?? [] };
        change?.Invoke(body);
        return (string)(await PostAsync("containers/create", body))!["Id"]!;
    }

    /// <inheritdoc cref="CreateAsync"/>
    public async Task<string> RunAsync(string script, JsonObject? host = null, Action<JsonObject>? change = null)
    {
        var id = await CreateAsync(script, host, change);
        await PostAsync($"containers/{id}/start");
        return id;
    }

    public Task<JsonNode> InspectAsync(string id) => GetAsync($"containers/{id}/json");

    public Task RemoveAsync(string id) => DeleteAsync($"containers/{id}?force=1&v=1");

    /// <summary>Waits for a container's end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitAsync(string id) => (int)(await PostAsync($"containers/{id}/wait"))!["StatusCode"]!;

    /// <summary>Runs a shell script in a container.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> ExecAsync(string id, string script)
    {
        var exec = await BeginExecAsync(id, script);
        JsonNode seen = null!;
        await Eventually.HoldsAsync(
            async () => !(bool)(seen = await GetAsync($"exec/{exec}/json"))["Running"]!, $"the exec in {id} has ended: {script}");
        return (int)seen["ExitCode"]!;
    }

    /// <summary>Starts a shell script in a container.</summary>
    /// <returns>The exec's id.</returns>
    public async Task<string> BeginExecAsync(string id, string script)
    {
        var made = await PostAsync($"containers/{id}/exec", new JsonObject { ["Cmd"] = new JsonArray("sh", "-c", script) });
        var exec = (string)made!["Id"]!;
        await PostAsync($"exec/{exec}/start", new JsonObject { ["Detach"] = true });
        return exec;
    }

    /// <summary>What a container without a terminal wrote, both streams in their order.</summary>
    public async Task<string> LogAsync(string id)
    {
        using var answer = await SendAsync(HttpMethod.Get, $"containers/{id}/logs?stdout=1&stderr=1");
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        var text = new StringBuilder();
        for (var at = 0; at + FrameHeader <= bytes.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at + 4));
            text.Append(Encoding.UTF8.GetString(bytes, at + FrameHeader, length));
            at += FrameHeader + length;
        }

        return text.ToString();
    }

    /// <summary>Begins to read what does not end, and hangs up at the first bytes.</summary>
    public async Task HangUpAsync(string path)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        await EnsureAsync(answer, path);
        await using var stream = await answer.Content.ReadAsStreamAsync();
        await stream.ReadAtLeastAsync(new byte[1], 1);
    }

    public void Dispose() => _http.Dispose();

    private static async Task<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Content = body is null ? null : JsonContent.Create(body);
        var answer = await _http.SendAsync(request);
        await EnsureAsync(answer, $"{method} {path}");
        return answer;
    }

    private static async Task EnsureAsync(HttpResponseMessage answer, string what)
    {
        if (!answer.IsSuccessStatusCode && answer.StatusCode != HttpStatusCode.NotModified)
        {
            var text = await answer.Content.ReadAsStringAsync();
            answer.Dispose();
            throw new HttpRequestException($"{what}: {(int)answer.StatusCode} {text}", null, answer.StatusCode);
        }
    }
}
