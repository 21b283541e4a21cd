using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Options;
using Portal.Testing;
using Portal.Web.Configuration;
using Portal.Web.Features.Alerts.Sending;
using Portal.Web.Security.Outgoing;

namespace Portal.Web.Tests.Features.Alerts;

/// <summary>Mail goes to the server that it is meant for, and its password to nobody else.</summary>
public sealed class MailEncryptionTests
{
    private static readonly AlertMessage s_message = new(
        "critical: disk", "critical", false, [new AlertLine("firing", "disk", "n1", "n1", "95 %", DateTimeOffset.UnixEpoch)], 0);

    [Theory]
    [InlineData("tls")]
    [InlineData("starttls")]
    public async Task SendAsync_EncryptedServer_GetsTheMessageAndThePassword(string security)
    {
        using var server = new MailServer(security == "tls");

        await SendAsync(server, security, server.Trust);

        var lines = await server.Received.WaitAsync(TestSettings.Within(TimeSpan.FromSeconds(10)));
        var proof = Convert.ToBase64String(Encoding.UTF8.GetBytes("\0robot\0s3cret"));
        string[] before = security == "tls" ? [] : ["clear:EHLO portal", "clear:STARTTLS"];
        Assert.Equal(
            [.. before, "EHLO portal", $"AUTH PLAIN {proof}", "MAIL FROM:<portal@example.com>", "RCPT TO:<a@example.com>", "DATA"],
            lines[..(before.Length + 5)]);
        var body = lines[(lines.IndexOf("") + 1)..^2];
        Assert.Contains("95 %", Encoding.UTF8.GetString(Convert.FromBase64String(string.Concat(body))), StringComparison.Ordinal);
        Assert.Equal("QUIT", lines[^1]);
    }

    [Theory]
    [InlineData("tls", "localhost", false)]
    [InlineData("starttls", "localhost", false)]
    [InlineData("tls", "other.example.com", true)]
    [InlineData("starttls", "other.example.com", true)]
    public async Task SendAsync_ServerIsNotWhoItShouldBe_IsToldNothing(string security, string name, bool trusted)
    {
        using var server = new MailServer(security == "tls", name);

        var failure = await Assert.ThrowsAsync<SendingException>(() => SendAsync(server, security, trusted ? server.Trust : null));

        Assert.Contains("certificate", failure.Message, StringComparison.OrdinalIgnoreCase);
        var lines = await server.Received.WaitAsync(TestSettings.Within(TimeSpan.FromSeconds(10)));
        Assert.DoesNotContain(lines, line => line.Contains("AUTH", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("MAIL", StringComparison.Ordinal));
    }

    private static async Task SendAsync(MailServer server, string security, X509ChainPolicy? trust)
    {
        var connections = new OutgoingConnections(Options.Create(new PortalOptions { OutgoingInside = "127.0.0.0/8,::1/128" }));
        using var sender = new AlertSender(connections, TimeProvider.System, trust);
        var settings = new TargetSettings
        {
            Host = "localhost", Port = server.Port, Security = security, UserName = "robot", Secret = "s3cret", From = "portal@example.com",
            To = "a@example.com",
        };
        await sender.SendAsync(TargetKind.Email, settings, s_message, "7", default);
    }
}
