using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Portal.Testing;
using Portal.Web.Access;
using Portal.Web.Access.Tokens;
using Portal.Web.Features.Tokens;
using Portal.Web.Nodes.Tls;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Tokens;

/// <summary>Client certificates for docker: tokens by another proof.</summary>
public sealed class TokenCertificateTests : IAsyncLifetime
{
    private readonly int _https = FreePort.Find();
    private readonly int _docker = FreePort.Find();
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-certificate-test-").FullName;
    private readonly TestPortal _portal;

    public TokenCertificateTests() => _portal = new TestPortal
    {
        Flags = ["--https", $"127.0.0.1:{_https}", "--docker-tls", $"127.0.0.1:{_docker}"],
    };

    private TokenDirectory Directories => _portal.Services.GetRequiredService<TokenDirectory>();

    private X509Certificate2 Authority => _portal.Services.GetRequiredService<PortalCertificate>().Value!;

    public Task InitializeAsync() => _portal.InitializeAsync();

    public async Task DisposeAsync()
    {
        await _portal.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Certificate_FromItsMakingToItsRevocation_OpensDockerOfItsNodeAlone()
    {
        var (node, other) = (await _portal.AddNodeAsync("cert-one"), await _portal.AddNodeAsync("cert-two"));
        var person = Person(await _portal.AddPersonAsync("holder", BuiltInRoles.Operator));
        var made = await MakeAsync(person, [node]);
        using var client = ClientOf(made, _docker);

        // The node has no link: what counts here is that the portal lets the request on to it.
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(client, $"/docker/{node}/_ping"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(client, $"/docker/{other}/_ping"));

        // Nothing but docker is there, and elsewhere the certificate is nothing.
        foreach (var path in new[] { "/api/v1/me", "/", "/sign-in", "/metrics", "/install.sh", "/dockerx" })
        {
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(client, path));
        }

        using (var elsewhere = ClientOf(made, _https))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(elsewhere, $"/docker/{node}/_ping"));
        }

        var entry = Assert.Single(await Directories.ListAsync(person, everybodys: false, default));
        Assert.True(entry.IsCertificate);
        Assert.NotNull(entry.LastUsedAt);
        Assert.Null((await Directories.RevokeAsync(person, entry.Id, default)).Error);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client, $"/docker/{node}/_ping"));
    }

    [Fact]
    public async Task Certificate_OfAnotherMaker_IsRefused()
    {
        var node = await _portal.AddNodeAsync("cert-three");
        var person = Person(await _portal.AddPersonAsync("victim", BuiltInRoles.Operator));
        var made = await MakeAsync(person, null);
        using var real = X509Certificate2.CreateFromPem(made.Certificate);

        // All that the real one says, with another key.
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(real.SubjectName, key, HashAlgorithmName.SHA256);
        using var forged = request.CreateSelfSigned(real.NotBefore, real.NotAfter);
        using var client = ClientOf(
            new TokenCertificate(forged.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem(), []), _docker);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client, $"/docker/{node}/_ping"));

        using var nobody = ClientOf(null, _docker);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => nobody.GetAsync($"/docker/{node}/_ping"));
    }

    [Fact]
    public async Task Certificate_InTheRealClient_IsTakenAndSaysWhatIsWrong()
    {
        await _portal.AddNodeAsync("cert-four");
        var person = Person(await _portal.AddPersonAsync("cli", BuiltInRoles.Operator));
        var made = await MakeAsync(person, null);
        await File.WriteAllTextAsync(Path.Combine(_folder, "ca.pem"), Authority.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(_folder, "cert.pem"), made.Certificate);
        await File.WriteAllTextAsync(Path.Combine(_folder, "key.pem"), made.Key);

        var (_, create) = await DockerAsync(
            "context", "create", "four", "--docker", $"host=tcp://127.0.0.1:{_docker}/docker/cert-four,ca=ca.pem,cert=cert.pem,key=key.pem");
        Assert.Contains("four", create, StringComparison.Ordinal);
        var (code, text) = await DockerAsync("--context", "four", "ps");
        Assert.NotEqual(0, code);
        Assert.Contains("cert-four", text, StringComparison.Ordinal);
        Assert.Contains("portal:", text, StringComparison.Ordinal);
        Assert.DoesNotContain("certificate is not one", text, StringComparison.Ordinal);

        var entry = Assert.Single(await Directories.ListAsync(person, everybodys: false, default));
        await Directories.RevokeAsync(person, entry.Id, default);
        Assert.Contains("certificate is not one", (await DockerAsync("--context", "four", "ps")).Text, StringComparison.Ordinal);
    }

    private async Task<TokenCertificate> MakeAsync(ClaimsPrincipal person, IReadOnlyList<Guid>? nodes)
    {
        var input = new TokenInput { Name = "docker", NodeIds = nodes, AsCertificate = true, Lifetime = TimeSpan.FromDays(7) };
        var change = await Directories.CreateAsync(person, input, default);
        Assert.True(change is { Error: null, Text: null, Certificate: not null }, change.Error);
        return change.Certificate!;
    }

    private async Task<(int Code, string Text)> DockerAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("docker") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder };
        start.ArgumentList.Add("--config");
        start.ArgumentList.Add(Path.Combine(_folder, "config"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(TestSettings.Within(TimeSpan.FromSeconds(30)));
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(deadline.Token), process.StandardError.ReadToEndAsync(deadline.Token));
        await process.WaitForExitAsync(deadline.Token);
        return (process.ExitCode, await output + await errors);
    }

    private HttpClient ClientOf(TokenCertificate? made, int port)
    {
        var options = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate!.GetCertHashString() == Authority.GetCertHashString(),
        };
        if (made is not null)
        {
            using var parts = X509Certificate2.CreateFromPem(made.Certificate, made.Key);
            var own = X509CertificateLoader.LoadPkcs12(parts.Export(X509ContentType.Pkcs12), null);
            options.LocalCertificateSelectionCallback = (_, _, _, _, _) => own;
        }

        return new HttpClient(new SocketsHttpHandler { SslOptions = options, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri($"https://127.0.0.1:{port}"),
        };
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        return answer.StatusCode;
    }

    private static ClaimsPrincipal Person(Guid id) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.NameIdentifier, id.ToString()), new Claim(ClaimTypes.Name, "name")], "test"));
}
