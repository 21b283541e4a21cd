using System.Net.Sockets;
using System.Text.Json;
using Portal.Engine.Errors;

namespace Portal.Agent.Hosting;

/// <summary>Speaks to the agent that runs, by its Docker socket. For commands, so its failures are sentences for people.</summary>
internal sealed class EngineClient : IDisposable
{
    // Whoever sends much asks first whether to; the agent may have to wait for a lock before it says so.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);
    private readonly HttpClient _client;

    public EngineClient(string socket)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = (_, token) => ConnectAsync(socket, token),
            Expect100ContinueTimeout = s_patience,
        };
        _client = new HttpClient(handler) { BaseAddress = new Uri("http://agent"), Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Sends a request; the answer's content is read by the caller.</summary>
    /// <exception cref="EngineException">The agent refuses: with its own words. Unavailable: it does not answer.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage answer;
        try
        {
            answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException failure) when (failure.InnerException is SocketException)
        {
            throw new EngineException(
                EngineErrorKind.Unavailable, $"The agent does not answer: {failure.InnerException.Message}. Start it first.", failure);
        }

        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            var message = Message(await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false));
            throw new EngineException(
                answer.StatusCode == System.Net.HttpStatusCode.NotFound ? EngineErrorKind.NotFound : EngineErrorKind.Conflict, message);
        }
    }

    /// <summary>Asks for a document.</summary>
    /// <inheritdoc cref="SendAsync" path="/exception"/>
    public async Task<JsonDocument> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var answer = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false));
    }

    public void Dispose() => _client.Dispose();

    private static string Message(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.TryGetProperty("message", out var message) ? message.GetString() ?? body : body;
        }
        catch (JsonException)
        {
            return $"The agent refuses: {body.Trim()}";
        }
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
