using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Testing;
using Portal.Web.Configuration;
using Portal.Web.Features.Alerts.Sending;
using Portal.Web.Security.Outgoing;

namespace Portal.Web.Tests.Features.Alerts;

/// <summary>Messages to a mail server and to a receiver of HTTP, both of them real and of this test.</summary>
public sealed class AlertSenderTests : IAsyncLifetime
{
    private readonly WebApplication _receiver;
    private readonly List<(string Path, IHeaderDictionary Headers, byte[] Body)> _received = [];
    private readonly AlertMessage _message = new(
        "critical: <!channel> @everyone **ünïcode** 🐳",
        "critical",
        false,
        [new AlertLine("firing", "rule", "we`b\r\n.\r\nRCPT TO:<x@y>", "n1", "95 %", DateTimeOffset.UnixEpoch)],
        3);

    public AlertSenderTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _receiver = builder.Build();
        _receiver.Urls.Add("http://127.0.0.1:0");
        _receiver.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var headers = new HeaderDictionary(context.Request.Headers.ToDictionary());
            _received.Add((context.Request.Path, headers, body.ToArray()));
            context.Response.StatusCode = context.Request.Path == "/moved" ? 302 : context.Request.Path == "/broken" ? 500 : 200;
            context.Response.Headers.Location = "/elsewhere";
        });
    }

    public Task InitializeAsync() => _receiver.StartAsync();

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Theory]
    [InlineData(TargetKind.Slack, "/hook", "&lt;!channel&gt;")]
    [InlineData(TargetKind.Discord, "/hook", "allowed_mentions")]
    [InlineData(TargetKind.Teams, "/hook", "AdaptiveCard")]
    [InlineData(TargetKind.Ntfy, "/", "\"topic\":\"hook\"")]
    [InlineData(TargetKind.Webhook, "/hook", "\"more\":3")]
    public async Task SendAsync_EachService_GetsItsShape(TargetKind kind, string path, string expected)
    {
        using var sender = Sender("127.0.0.0/8");
        await sender.SendAsync(kind, new TargetSettings { Url = Url("/hook"), Secret = "s3cret" }, _message, "7", default);

        var (at, headers, body) = Assert.Single(_received);
        Assert.Equal(path, at);
        using var json = JsonDocument.Parse(body);
        var text = Encoding.UTF8.GetString(body).Replace("\\u0026", "&", StringComparison.Ordinal);
        Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.Equal(kind == TargetKind.Ntfy ? "Bearer s3cret" : "", headers.Authorization.ToString());
        Assert.Equal(kind == TargetKind.Webhook, headers.ContainsKey("X-Portal-Signature"));
    }

    [Fact]
    public async Task SendAsync_MessageThatLeadsSomewhere_EachServiceHasTheLink()
    {
        var message = Linked(_message);

        Assert.EndsWith(
            "<https://portal.example.com/p/nodes/1?find=a%3Eb&amp;regex=1|Open in the portal>",
            (await PostedAsync(TargetKind.Slack, message)).GetProperty("text").GetString(),
            StringComparison.Ordinal);
        Assert.EndsWith(
            $"```\n<{Link}>", (await PostedAsync(TargetKind.Discord, message)).GetProperty("content").GetString(), StringComparison.Ordinal);
        var action = (await PostedAsync(TargetKind.Teams, message))
            .GetProperty("attachments")[0].GetProperty("content").GetProperty("actions")[0];
        Assert.Equal(("Action.OpenUrl", Link), (action.GetProperty("type").GetString(), action.GetProperty("url").GetString()));
        Assert.Equal(Link, (await PostedAsync(TargetKind.Ntfy, message)).GetProperty("click").GetString());
        var webhook = await PostedAsync(TargetKind.Webhook, message);
        Assert.Equal((Link, Link), (webhook.GetProperty("link").GetString(), webhook.GetProperty("alerts")[0].GetProperty("link").GetString()));
    }

    [Theory]
    [InlineData(TargetKind.Slack)]
    [InlineData(TargetKind.Discord)]
    [InlineData(TargetKind.Teams)]
    [InlineData(TargetKind.Ntfy)]
    [InlineData(TargetKind.Webhook)]
    public async Task SendAsync_PortalsAddressIsNotKnown_NothingLeadsAnywhere(TargetKind kind)
    {
        var posted = await PostedAsync(kind, (_message with { Link = "alerts" }).ForReader(portal: ""));

        Assert.DoesNotContain("Open in the portal", posted.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("Action.OpenUrl", posted.GetRawText(), StringComparison.Ordinal);
        Assert.False(posted.TryGetProperty("click", out _));
        Assert.Equal(kind == TargetKind.Webhook ? "" : null, posted.TryGetProperty("link", out var link) ? link.GetString() : null);
    }

    [Fact]
    public async Task SendAsync_DiscordGetsMuch_TheBlockAndTheLinkStayWhole()
    {
        var much = Linked(_message with { Alerts = [.. Enumerable.Repeat(_message.Alerts[0], 50)] });

        var content = (await PostedAsync(TargetKind.Discord, much)).GetProperty("content").GetString()!;

        Assert.EndsWith($"…```\n<{Link}>", content, StringComparison.Ordinal);
        Assert.InRange(content.Length, 1500, 2000);
    }

    [Fact]
    public void ToText_ForMail_HasALinkBelowEachLine() => Assert.Equal(
        $"!! we`b\r\n.\r\nRCPT TO:<x@y> on n1: 95 % (since 1970-01-01 00:00:00Z)\n   {Link}\nand 3 more\n",
        Linked(_message).ToText(hasLinks: true));

    [Fact]
    public async Task SendAsync_Webhook_SignatureCoversTimeAndBody()
    {
        using var sender = Sender("127.0.0.0/8");
        await sender.SendAsync(TargetKind.Webhook, new TargetSettings { Url = Url("/hook"), Secret = "s3cret" }, _message, "7", default);

        var (_, headers, body) = Assert.Single(_received);
        var signed = Encoding.UTF8.GetBytes(headers["X-Portal-Timestamp"] + ".").Concat(body).ToArray();
        Assert.Equal("sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData("s3cret"u8, signed)), headers["X-Portal-Signature"]);
        Assert.Equal("7", headers["X-Portal-Delivery"]);
    }

    [Theory]
    [InlineData("/moved", "302")]
    [InlineData("/broken", "500")]
    public async Task SendAsync_AnswerIsNoSuccess_FailsAndFollowsNowhere(string path, string expected)
    {
        using var sender = Sender("127.0.0.0/8");

        var failure = await Assert.ThrowsAsync<SendingException>(
            () => sender.SendAsync(TargetKind.Webhook, new TargetSettings { Url = Url(path) }, _message, "7", default));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Single(_received);
    }

    [Theory]
    [InlineData("http://127.0.0.1:PORT/")]
    [InlineData("http://localhost:PORT/")]
    [InlineData("http://[::ffff:127.0.0.1]:PORT/")]
    [InlineData("http://2130706433:PORT/")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://[64:ff9b::7f00:1]/")]
    [InlineData("http://10.0.0.1/")]
    public async Task SendAsync_AddressIsInside_IsRefusedWithoutACall(string url)
    {
        using var sender = Sender("");
        var settings = new TargetSettings { Url = url.Replace("PORT", $"{new Uri(Url("/")).Port}", StringComparison.Ordinal) };

        var failure = await Assert.ThrowsAsync<SendingException>(
            () => sender.SendAsync(TargetKind.Webhook, settings, _message, "7", default));

        Assert.Contains("PORTAL_OUTGOING_INSIDE", failure.Message, StringComparison.Ordinal);
        Assert.Empty(_received);
    }

    [Fact]
    public async Task SendAsync_Mail_ArrivesWholeAndNothingInItIsACommand()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var server = ServeMailAsync(listener);
        using var sender = Sender("127.0.0.0/8");
        var settings = new TargetSettings
        {
            Host = "127.0.0.1", Port = ((IPEndPoint)listener.LocalEndpoint).Port, Security = "none", From = "portal@example.com",
            To = "a@example.com, b@example.com",
        };

        await sender.SendAsync(TargetKind.Email, settings, _message, "7", default);

        var lines = await server.WaitAsync(TestSettings.Within(TimeSpan.FromSeconds(10)));
        Assert.Equal(
            ["EHLO portal", "MAIL FROM:<portal@example.com>", "RCPT TO:<a@example.com>", "RCPT TO:<b@example.com>", "DATA"], lines[..5]);
        Assert.Equal(["." , "QUIT"], lines[^2..]);
        var body = lines[(lines.IndexOf("") + 1)..^2];
        Assert.Contains("and 3 more", Encoding.UTF8.GetString(Convert.FromBase64String(string.Concat(body))), StringComparison.Ordinal);
        Assert.All(lines, line => Assert.True(line.Length <= 76 && line.All(char.IsAscii), line));
    }

    [Fact]
    public async Task SendAsync_MailServerWithoutEncryption_PasswordStaysHere()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var server = ServeMailAsync(listener);
        using var sender = Sender("127.0.0.0/8");
        var settings = new TargetSettings
        {
            Host = "127.0.0.1", Port = ((IPEndPoint)listener.LocalEndpoint).Port, Security = "starttls", UserName = "u", Secret = "p",
            From = "portal@example.com", To = "a@example.com",
        };

        var failure = await Assert.ThrowsAsync<SendingException>(
            () => sender.SendAsync(TargetKind.Email, settings, _message, "7", default));

        Assert.Contains("502", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(await server, line => line.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a@example.com>\r\nDATA", false)]
    [InlineData("a@example.com,", true)]
    [InlineData("Ann <a@example.com>", false)]
    [InlineData("", false)]
    public void Settings_Recipients_ArePlainAddresses(string to, bool good)
    {
        var settings = new TargetSettings { Host = "mail.example.com", Security = "tls", From = "portal@example.com", To = to };

        Assert.Equal(good, !settings.Problems(TargetKind.Email).Any());
    }

    private const string Link = "https://portal.example.com/p/nodes/1?find=a%3Eb&regex=1";

    private static AlertMessage Linked(AlertMessage message)
    {
        const string Path = "nodes/1?find=a%3Eb&regex=1";
        var linked = message with { Link = Path, Alerts = [.. message.Alerts.Select(line => line with { Link = Path })] };
        return linked.ForReader("https://portal.example.com/p/");
    }

    private async Task<JsonElement> PostedAsync(TargetKind kind, AlertMessage message)
    {
        using var sender = Sender("127.0.0.0/8");
        await sender.SendAsync(kind, new TargetSettings { Url = Url("/hook") }, message, "7", default);
        using var json = JsonDocument.Parse(_received[^1].Body);
        return json.RootElement.Clone();
    }

    private string Url(string path) => _receiver.Urls.First() + path;

    private static AlertSender Sender(string inside) => new(
        new OutgoingConnections(Options.Create(new PortalOptions { OutgoingInside = inside })), TimeProvider.System);

    // A mail server that takes what it is given; it can't encrypt.
    private static async Task<List<string>> ServeMailAsync(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync();
        using var reader = new StreamReader(client.GetStream());
        await using var writer = new StreamWriter(client.GetStream()) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 here");
        var lines = new List<string>();
        var inData = false;
        while (await reader.ReadLineAsync() is { } line)
        {
            lines.Add(line);
            if (inData && line != ".")
            {
                continue;
            }

            inData = line == "DATA";
            await writer.WriteAsync(line switch
            {
                "EHLO portal" => "250-mail\r\n250 SIZE\r\n",
                "DATA" => "354 go on\r\n",
                "STARTTLS" => "502 not here\r\n",
                "QUIT" => "221 bye\r\n",
                _ => "250 ok\r\n",
            });
            if (line == "QUIT")
            {
                break;
            }
        }

        return lines;
    }
}
