using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Distribution;
using Portal.Engine.Distribution.Connections;
using Portal.Engine.Distribution.Logins;
using Portal.Engine.Distribution.Queries;
using Portal.Engine.Errors;
using Portal.Testing.Images;
using Portal.Testing.Processes;
using Portal.Testing.Registries;

namespace Portal.Engine.Linux.Tests.Images.Registries;

/// <summary>Registries that speak TLS with certificates of an authority that the system does not know.</summary>
public sealed class CertificateTests : ImageTestBase
{
    private static readonly RegistryCredentials s_ada = new() { Username = "ada", Password = "s3cret" };
    private TestAuthority _authority = null!;

    private string CertificateFolder => Instance.TempPath("certs.d");

    private IRegistries Registries => Engine.Get<IRegistries>();

    public override Task InitializeAsync()
    {
        _authority = new TestAuthority(Instance.TempPath("authority"));
        Directory.CreateDirectory(CertificateFolder);
        Engine = Open(
            services => services.AddSingleton(ImageEngine.Impatient),
            options => options with { Registries = new RegistryOptions { CertificateFolders = [CertificateFolder] } });
        return Task.CompletedTask;
    }

    [Fact]
    public async Task OwnAuthority_WithLogin_PushesPullsAndLooks()
    {
        var passwords = Instance.TempPath("htpasswd");
        await File.WriteAllTextAsync(passwords, await Tool.RunAsync("htpasswd", "-Bbn", "ada", "s3cret"));
        await using var registry = await StartAsync(extra: $"auth:\n  htpasswd: {{ realm: test, path: {passwords} }}");
        Trust(registry.Host);
        var name = $"{registry.Host}/team/box:1";
        await Engine.LoadAsync(await BusyboxImages.WriteDockerArchiveAsync(Instance.TempPath("in.tar"), name));

        await Registries.PushAsync(name, s_ada);
        await Engine.Images.RemoveAsync(name);
        await Registries.PullAsync(name, s_ada);

        var queries = Engine.Get<IRegistryQueries>();
        Assert.Equal(new RegistryCheck(IsSecure: true, IsAuthenticated: true), await queries.CheckAsync(registry.Host, s_ada));
        await AssertFailsAsync(EngineErrorKind.Unauthenticated, () => queries.CheckAsync(registry.Host, null));
        Assert.Equal("team/box", Assert.Single((await queries.SearchAsync(registry.Host, "BOX", 25, s_ada)).Repositories).Name);
    }

    [Fact]
    public async Task UnknownAuthority_IsRefusedAndNotSpokenToInTheClear()
    {
        await using var registry = await StartAsync();

        var failure = await AssertFailsAsync(EngineErrorKind.Unavailable, () => Registries.PullAsync($"{registry.Host}/x:1", null));

        Assert.Contains($"certs.d/{registry.Host}/ca.crt", failure.Message);
        Assert.DoesNotContain(registry.Log, line => line.Contains("HTTP request to an HTTPS server", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AuthorityOfAnotherRegistry_IsNotTrusted()
    {
        await using var registry = await StartAsync();
        Trust("other.example.com");

        await AssertFailsAsync(EngineErrorKind.Unavailable, () => Registries.PullAsync($"{registry.Host}/x:1", null));
    }

    [Fact]
    public async Task CertificateForAnotherName_IsRefused()
    {
        await using var registry = await StartAsync(address: IPAddress.Parse("10.9.8.7"));
        Trust(registry.Host);

        await AssertFailsAsync(EngineErrorKind.Unavailable, () => Registries.PullAsync($"{registry.Host}/x:1", null));
    }

    [Fact]
    public async Task AuthorityAddedAndTakenAway_CountsAtOnce()
    {
        await using var registry = await StartAsync();
        await AssertFailsAsync(EngineErrorKind.Unavailable, () => Registries.PullAsync($"{registry.Host}/x:1", null));

        Trust(registry.Host);
        await AssertFailsAsync(EngineErrorKind.NotFound, () => Registries.PullAsync($"{registry.Host}/x:1", null));
        Directory.Delete(Path.Combine(CertificateFolder, registry.Host), recursive: true);

        await AssertFailsAsync(EngineErrorKind.Unavailable, () => Registries.PullAsync($"{registry.Host}/x:1", null));
    }

    [Fact]
    public async Task ClientCertificate_IsShownToItsRegistry()
    {
        await using var registry = await StartAsync($", clientcas: [ {_authority.CertificateFile} ]");
        Trust(registry.Host);
        await AssertFailsAsync(EngineErrorKind.Unavailable, () => Registries.PullAsync($"{registry.Host}/x:1", null));

        var (certificate, key) = _authority.Sign("client");
        File.Copy(certificate, Path.Combine(CertificateFolder, registry.Host, "client.cert"));
        File.Copy(key, Path.Combine(CertificateFolder, registry.Host, "client.key"));

        await AssertFailsAsync(EngineErrorKind.NotFound, () => Registries.PullAsync($"{registry.Host}/x:1", null));
    }

    [Theory]
    [InlineData("client.cert", "missing key client.key for client certificate client.cert")]
    [InlineData("client.key", "missing client certificate client.cert for key client.key")]
    [InlineData("broken.crt", "broken.crt")]
    public async Task HalfAPairOrNonsense_IsRefusedByName(string file, string message)
    {
        await using var registry = await StartAsync();
        Trust(registry.Host);
        await File.WriteAllTextAsync(
            Path.Combine(CertificateFolder, registry.Host, file), "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n");

        var failure = await AssertFailsAsync(EngineErrorKind.InvalidArgument, () => Registries.PullAsync($"{registry.Host}/x:1", null));

        Assert.Contains(message, failure.Message);
    }

    private void Trust(string registry)
    {
        var folder = Directory.CreateDirectory(Path.Combine(CertificateFolder, registry));
        File.Copy(_authority.CertificateFile, Path.Combine(folder.FullName, "ca.crt"));
    }

    private Task<RegistryFixture> StartAsync(string tls = "", string extra = "", IPAddress? address = null)
    {
        var (certificate, key) = _authority.Sign("server", address ?? IPAddress.Loopback);
        return RegistryFixture.StartAsync(extra, $"certificate: {certificate}, key: {key}{tls}");
    }
}
