using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Portal.Engine.Api.Tests.Cli;

/// <summary>The API over TCP: the stock CLI with certificates, and those who have none.</summary>
[Collection(EngineCollection.Name)]
public sealed class TlsTests(EngineFixture engine)
{
    [Fact]
    public async Task Run_OverTlsWithPipedInput_EndsWhenTheInputEnds()
    {
        var result = await engine.Docker.RunWithInputAsync("one\ntwo\n", [.. As("client"), "run", "--rm", "-i", "busybox", "cat"]);

        Assert.Equal(("", "one\ntwo\n", 0), (result.Error, result.Output, result.ExitCode));
    }

    [Theory]
    [InlineData("stranger")]
    [InlineData("server")]
    public async Task Version_CertificateOfAnotherAuthorityOrUse_IsRefused(string name)
    {
        var result = await engine.Docker.RunAsync([.. As(name), "version", "--format", "{{.Server.Version}}"]);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Equal("", result.Output.Trim());
    }

    [Fact]
    public async Task Ping_NoCertificate_GetsNoAnswer()
    {
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true },
        };
        using var client = new HttpClient(handler);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetStringAsync($"https://127.0.0.1:{engine.TlsPort}/_ping"));
    }

    [Theory]
    [InlineData("Host: 127.0.0.1", "200")]
    [InlineData("Host: localhost:2376", "200")]
    [InlineData("Host: rebound.example.com", "403")]
    [InlineData("Host: 127.0.0.1|Origin: https://evil.example.com", "403")]
    [InlineData("Host: 127.0.0.1|Sec-Fetch-Site: cross-site", "403")]
    public async Task Ping_ByHostAndOrigin_AnswersProgramsAlone(string headers, string status)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, engine.TlsPort);
        await using var tls = new SslStream(socket.GetStream());
        using var certificate = X509Certificate2.CreateFromPemFile(
            engine.Certificates.CertificateOf("client"), engine.Certificates.KeyOf("client"));
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "127.0.0.1",
            ClientCertificates = [certificate],
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        });

        await tls.WriteAsync(Encoding.ASCII.GetBytes($"GET /_ping HTTP/1.1\r\n{headers.Replace("|", "\r\n")}\r\n\r\n"));
        using var reader = new StreamReader(tls, Encoding.ASCII);

        Assert.StartsWith($"HTTP/1.1 {status} ", await reader.ReadLineAsync(), StringComparison.Ordinal);
    }

    private string[] As(string name) => engine.Certificates.Arguments(name, engine.TlsPort);
}
