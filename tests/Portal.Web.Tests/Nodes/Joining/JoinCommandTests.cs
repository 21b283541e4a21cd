using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Testing.Processes;
using Portal.Web.Nodes.Joining;

namespace Portal.Web.Tests.Nodes.Joining;

public sealed class JoinCommandTests
{
    [Fact]
    public void Install_WithCertificate_PinsItsKeyForCurlAndForTheInstaller()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=Portal", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(90));
        var pin = "sha256//" + Convert.ToBase64String(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));

        Assert.Equal(
            $"curl -fsSk --pinnedpubkey {pin} https://portal.example:8443/install.sh"
            + $" | sudo sh -s -- --portal https://portal.example:8443 --pin {pin} --token pjt_abc-_",
            JoinCommand.Install("https://portal.example:8443", "pjt_abc-_", certificate));
    }

    [Fact]
    public void Install_WithoutCertificate_LeavesTheCheckToTheHost()
    {
        Assert.Equal(
            "curl -fsS http://127.0.0.1:8080/install.sh | sudo sh -s -- --portal http://127.0.0.1:8080 --token pjt_a",
            JoinCommand.Install("http://127.0.0.1:8080", "pjt_a", null));
    }

    [Fact]
    public void InstallByAuthorities_PinsNothing()
    {
        Assert.Equal(
            "curl -fsS https://portal.example/p/install.sh | sudo sh -s -- --portal https://portal.example/p --trust system --token pjt_a",
            JoinCommand.InstallByAuthorities("https://portal.example/p", "pjt_a"));
        Assert.Equal(
            "./portal agent join https://portal.example/p --trust system --token pjt_a && ./portal agent run",
            JoinCommand.FromSources("https://portal.example/p", "pjt_a", byAuthorities: true));
    }

    [Theory]
    [InlineData("https://[::1]:8443")]
    [InlineData("https://a'b;$(id)`id`\"*?")]
    public async Task FromSources_AnyAddress_IsOneWordOfTheShell(string address)
    {
        var words = JoinCommand.FromSources(address, "pjt_a").Replace("./portal", "printf '%s\\n'", StringComparison.Ordinal);

        var output = await Tool.RunAsync("sh", "-c", words);

        Assert.Equal(
            ["agent", "join", address, "--token", "pjt_a", "agent", "run"],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
