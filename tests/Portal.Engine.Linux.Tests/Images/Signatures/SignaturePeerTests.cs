using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Distribution.Signatures;
using Portal.Engine.Errors;
using Portal.Testing.Images;
using Portal.Testing.Processes;
using Portal.Testing.Registries;
using Portal.Testing.Signing;

namespace Portal.Engine.Linux.Tests.Images.Signatures;

/// <summary>Signatures by a peer that is not ours: skopeo signs and verifies by the same library as podman.</summary>
public sealed class SignaturePeerTests : ImageTestBase
{
    private readonly TrustingGuard _guard = new();
    private RegistryFixture _registry = null!;

    public override async Task InitializeAsync()
    {
        Engine = Open(services => services.AddSingleton<IImageGuard>(_guard));
        _registry = await RegistryFixture.StartAsync();
    }

    public override async Task DisposeAsync()
    {
        await _registry.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task PullAsync_SignedBySkopeo_IsPulled()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var stranger = new CosignSigner();
        var source = Instance.TempPath("layout");
        new TestImageBuilder().AddFile("a", "b").WriteLayout(source);
        await File.WriteAllTextAsync(Instance.TempPath("key"), SigstoreKeyFile.Write(key, "correct horse"));
        await File.WriteAllTextAsync(Instance.TempPath("passphrase"), "correct horse");
        var reference = $"{_registry.Host}/team/app:1";
        await SkopeoAsync(
            "--insecure-policy", "copy", "--dest-tls-verify=false", "--sign-by-sigstore-private-key", Instance.TempPath("key"),
            "--sign-passphrase-file", Instance.TempPath("passphrase"), $"oci:{source}:latest", $"docker://{reference}");

        _guard.Keys.Add(new PemKey(stranger.PublicKey));
        await AssertFailsAsync(EngineErrorKind.Forbidden, () => Engine.Images.PullAsync(reference));
        _guard.Keys.Add(new PemKey(key.ExportSubjectPublicKeyInfoPem()));

        Assert.Equal([reference], (await Engine.Images.PullAsync(reference)).Names);
    }

    /// <summary>What the other tests sign with is what podman takes for signed.</summary>
    [Fact]
    public async Task CosignSigner_ForSkopeosPolicy_SignsAsItWants()
    {
        using var signer = new CosignSigner();
        var reference = await _registry.PushAsync(new TestImageBuilder().AddFile("a", "b"), "team/app:1");
        await File.WriteAllTextAsync(Instance.TempPath("key.pub"), signer.PublicKey);
        var policy = Instance.TempPath("policy.json");
        await File.WriteAllTextAsync(policy, JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["default"] = new[]
            {
                new { type = "sigstoreSigned", keyPath = Instance.TempPath("key.pub"), signedIdentity = new { type = "matchRepository" } },
            },
        }));
        string[] copy =
            ["--policy", policy, "copy", "--src-tls-verify=false", "--remove-signatures", $"docker://{reference}", $"dir:{Instance.TempPath("copy")}"];

        await Assert.ThrowsAnyAsync<Exception>(() => SkopeoAsync(copy));
        await signer.SignAsync(reference);
        await SkopeoAsync(copy);
    }

    // Its own folder says that signatures are beside images; the host's may say otherwise.
    private Task SkopeoAsync(params string[] arguments)
    {
        var folder = Instance.TempPath("registries.d");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "default.yaml"), "default-docker:\n  use-sigstore-attachments: true\n");
        return Tool.RunAsync("skopeo", ["--registries.d", folder, .. arguments]);
    }
}
