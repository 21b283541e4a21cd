using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Portal.Engine.Api.Hosting;

namespace Portal.Engine.Api.Tests.Hosting;

public sealed class DockerTcpTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pt-tcp-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Listen_NoCertificates_SaysThatTlsIsNeeded() => Refuses("needs TLS", new DockerTcpOptions { EndPoint = new(IPAddress.Loopback, 0) });

    [Fact]
    public void Listen_KeyThatOthersRead_SaysHowToMakeItSafe()
    {
        var certificates = new TestCertificates(_folder);
        File.SetUnixFileMode(certificates.KeyOf("server"), UnixFileMode.UserRead | UnixFileMode.OtherRead);

        Refuses("chmod 600", Options(certificates));
    }

    [Fact]
    public void Listen_FileThatIsNoCertificate_IsNamed()
    {
        var certificates = new TestCertificates(_folder);
        File.WriteAllText(certificates.CertificateOf("ca"), "no certificate");

        Refuses(certificates.CertificateOf("ca"), Options(certificates));
    }

    private static DockerTcpOptions Options(TestCertificates certificates) => new()
    {
        EndPoint = new IPEndPoint(IPAddress.Loopback, 0),
        AuthorityFile = certificates.CertificateOf("ca"),
        CertificateFile = certificates.CertificateOf("server"),
        KeyFile = certificates.KeyOf("server"),
    };

    private static void Refuses(string words, DockerTcpOptions options)
    {
        var failure = Assert.Throws<DockerTcpException>(() => new KestrelServerOptions().ListenDockerTcp(options));
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }
}
