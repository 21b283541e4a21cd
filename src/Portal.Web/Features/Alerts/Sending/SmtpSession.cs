using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Portal.Web.Features.Alerts.Sending;

/// <summary>One conversation with a mail server (RFC 5321), encrypted from the start or by STARTTLS (RFC 3207).</summary>
/// <remarks>Own code, as no mail library restores here and .NET's own speaks no TLS from the start. Lines and replies are bounded.</remarks>
internal sealed class SmtpSession(Stream stream, string host, X509ChainPolicy? trust = null) : IAsyncDisposable
{
    private const int LongestLine = 2048;
    private const int MostLines = 100;
    private Stream _stream = stream;

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    /// <exception cref="SendingException">The server refused something; says what it answered.</exception>
    public async Task SendAsync(TargetSettings settings, AlertMessage message, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (settings.Security == "tls")
        {
            await SecureAsync(cancellationToken);
        }

        await DemandAsync(null, "220", "greet", cancellationToken);
        await DemandAsync("EHLO portal", "250", "say hello", cancellationToken);
        if (settings.Security == "starttls")
        {
            await DemandAsync("STARTTLS", "220", "encrypt", cancellationToken);
            await SecureAsync(cancellationToken);
            await DemandAsync("EHLO portal", "250", "say hello", cancellationToken);
        }

        if (settings.UserName.Length > 0)
        {
            // Whatever the settings say by then: never in the clear.
            var proof = _stream is SslStream
                ? Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{settings.UserName}\0{settings.Secret}"))
                : throw new SendingException(N("The connection is not encrypted, so the password was not sent."));
            await DemandAsync($"AUTH PLAIN {proof}", "235", "sign in", cancellationToken);
        }

        await DemandAsync($"MAIL FROM:<{settings.From}>", "250", "name the sender", cancellationToken);
        foreach (var recipient in settings.Recipients)
        {
            await DemandAsync($"RCPT TO:<{recipient}>", "25", $"name the recipient {recipient}", cancellationToken);
        }

        await DemandAsync("DATA", "354", "begin the message", cancellationToken);
        await DemandAsync(Mail.Write(settings, message, now) + "\r\n.", "250", "hand over the message", cancellationToken);
        await WriteAsync("QUIT", cancellationToken);
    }

    private async Task SecureAsync(CancellationToken cancellationToken)
    {
        var secure = new SslStream(_stream);
        _stream = secure;
        var options = new SslClientAuthenticationOptions { TargetHost = host, CertificateChainPolicy = trust };
        await secure.AuthenticateAsClientAsync(options, cancellationToken);
    }

    private async Task DemandAsync(string? command, string code, string what, CancellationToken cancellationToken)
    {
        if (command is not null)
        {
            await WriteAsync(command, cancellationToken);
        }

        // A reply's last line has a blank after its code, those before it a hyphen.
        for (var lines = 0; lines < MostLines; lines++)
        {
            var line = await ReadLineAsync(cancellationToken);
            if (line.Length >= 4 && line[3] == '-')
            {
                continue;
            }

            if (!line.StartsWith(code, StringComparison.Ordinal))
            {
                throw new SendingException(E("The mail server {0:name} did not let the portal {1}: {2}", host, what, line));
            }

            return;
        }

        throw new SendingException(E("The mail server {0} answers without end.", host));
    }

    private Task WriteAsync(string text, CancellationToken cancellationToken) =>
        _stream.WriteAsync(Encoding.UTF8.GetBytes(text + "\r\n"), cancellationToken).AsTask();

    // Byte by byte, so that nothing that came in the clear after STARTTLS's answer is taken for what came encrypted.
    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (line.Length < LongestLine)
        {
            if (await _stream.ReadAsync(one, cancellationToken) == 0)
            {
                throw new SendingException(E("The mail server {0} closed the connection.", host));
            }

            if (one[0] == (byte)'\n')
            {
                return line.ToString();
            }

            line.Append(one[0] is >= 32 and < 127 ? (char)one[0] : ' ');
        }

        throw new SendingException(E("The mail server {0} sent a line without end.", host));
    }
}
