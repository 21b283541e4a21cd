using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Web.Tests.Features.Alerts;

/// <summary>A mail server with a certificate of its own, which takes one message: encrypted from the start, or after STARTTLS.</summary>
internal sealed class MailServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate;

    /// <param name="implicitTls">Encrypted from the first byte.</param>
    /// <param name="name">Whom its certificate is for.</param>
    public MailServer(bool implicitTls, string name = "localhost")
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=mail", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        _certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        _listener.Start();
        Received = ServeAsync(implicitTls);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What came encrypted, line by line; what came before that stands behind <c>clear:</c>.</summary>
    public Task<List<string>> Received { get; }

    /// <summary>Whoever trusts this trusts the server.</summary>
    public X509ChainPolicy Trust => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { _certificate },
        RevocationMode = X509RevocationMode.NoCheck,
    };

    public void Dispose()
    {
        _listener.Dispose();
        _certificate.Dispose();
    }

    private async Task<List<string>> ServeAsync(bool implicitTls)
    {
        var lines = new List<string>();
        using var client = await _listener.AcceptTcpClientAsync();
        try
        {
            Stream stream = client.GetStream();
            if (implicitTls)
            {
                stream = await SecureAsync(stream);
            }
            else
            {
                await TalkAsync(stream, lines, secure: false);
                stream = await SecureAsync(stream);
            }

            await TalkAsync(stream, lines, secure: true, greet: implicitTls);
        }
        catch (Exception failure) when (failure is IOException or AuthenticationException)
        {
            lines.Add("gone");
        }

        return lines;
    }

    private async Task<SslStream> SecureAsync(Stream stream)
    {
        var secure = new SslStream(stream);
        await secure.AuthenticateAsServerAsync(_certificate);
        return secure;
    }

    // Until STARTTLS was let through, or the caller leaves.
    private static async Task TalkAsync(Stream stream, List<string> lines, bool secure, bool greet = true)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        await using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\r\n", AutoFlush = true };
        if (greet)
        {
            await writer.WriteLineAsync("220 here");
        }

        var inData = false;
        while (await reader.ReadLineAsync() is { } line)
        {
            lines.Add(secure ? line : $"clear:{line}");
            if (inData && line != ".")
            {
                continue;
            }

            inData = line == "DATA";
            await writer.WriteLineAsync(line switch
            {
                "STARTTLS" => "220 go on",
                "DATA" => "354 go on",
                "QUIT" => "221 bye",
                _ when line.StartsWith("AUTH", StringComparison.Ordinal) => "235 welcome",
                _ => "250 ok",
            });
            if (line is "QUIT" or "STARTTLS")
            {
                return;
            }
        }
    }
}
