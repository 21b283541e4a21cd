using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Agent.Link;
using Portal.Contracts.Link;
using Portal.Testing;

namespace Portal.Link.Tests.Environment;

/// <summary>A telemetry connection that says what a test writes: SignalR's JSON protocol by hand, proved as an agent's.</summary>
internal sealed class RawTelemetry : IDisposable
{
    private const char End = '\x1e';
    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[64 * 1024];
    private string _read = "";
    private int _calls;

    /// <summary>Joins the portal as a node of its own and connects.</summary>
    public static async Task<(RawTelemetry Connection, Guid Node)> ConnectAsync(TestPortal portal, string identityFolder)
    {
        var identities = new IdentityStore(identityFolder);
        var identity = await new JoinClient(identities).JoinAsync(portal.Url.ToString(), await portal.MakeTokenAsync(), default);
        using var key = identities.LoadKey();
        using var client = new HttpClient();
        using var response = await client.PostAsync(new Uri(portal.Url, LinkProtocol.ChallengePath), null);
        var challenge = JsonSerializer.Deserialize<Challenge>(await response.Content.ReadAsStringAsync(), JsonSerializerOptions.Web)!;
        var message = LinkProof.MessageToSign(LinkProtocol.TelemetryPath, identity.NodeId, challenge.Nonce);
        var signature = key.SignData(message, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        var proof = new LinkProof(identity.NodeId, challenge.Nonce, signature);

        var connection = new RawTelemetry();
        connection._socket.Options.SetRequestHeader("Authorization", $"{LinkProtocol.AuthorizationScheme} {proof}");
        var address = new UriBuilder(new Uri(portal.Url, LinkProtocol.TelemetryPath)) { Scheme = "ws" }.Uri;
        await connection._socket.ConnectAsync(address, default);
        await connection.SendAsync("""{"protocol":"json","version":1}""");
        Assert.Equal("{}", await connection.ReadAsync());
        return (connection, identity.NodeId);
    }

    /// <summary>Calls the hub with one argument.</summary>
    /// <returns>The error, or null.</returns>
    public async Task<string?> CallAsync(string target, string argument)
    {
        var number = (++_calls).ToString(System.Globalization.CultureInfo.InvariantCulture);
        await SendAsync($$"""{"type":1,"invocationId":"{{number}}","target":"{{target}}","arguments":[{{argument}}]}""");
        while (true)
        {
            var answer = JsonNode.Parse(await ReadAsync())!;
            if (answer["type"]!.GetValue<int>() == 3 && answer["invocationId"]!.GetValue<string>() == number)
            {
                return answer["error"]?.GetValue<string>();
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private Task SendAsync(string message) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(message + End), WebSocketMessageType.Text, true, default);

    private async Task<string> ReadAsync()
    {
        using var soon = new CancellationTokenSource(TestSettings.Within(TimeSpan.FromSeconds(30)));
        int end;
        while ((end = _read.IndexOf(End, StringComparison.Ordinal)) < 0)
        {
            var result = await _socket.ReceiveAsync(_buffer, soon.Token);
            Assert.NotEqual(WebSocketMessageType.Close, result.MessageType);
            _read += Encoding.UTF8.GetString(_buffer, 0, result.Count);
        }

        var message = _read[..end];
        _read = _read[(end + 1)..];
        return message;
    }
}
