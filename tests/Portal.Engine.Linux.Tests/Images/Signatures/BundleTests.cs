using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Distribution;
using Portal.Engine.Distribution.Signatures;
using Portal.Engine.Errors;
using Portal.Testing.Images;
using Portal.Testing.Registries;

namespace Portal.Engine.Linux.Tests.Images.Signatures;

/// <summary>Images whose signatures are bundles that refer to them, from Debian's registry, which keeps no lists of those.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The runner ends it by IAsyncLifetime.")]
public sealed class BundleTests : ImageTestBase
{
    private readonly TrustingGuard _guard = new();
    private readonly CosignSigner _signer = new();
    private RegistryFixture _registry = null!;
    private bool _hasEnded;

    private IImageSignatures Signatures => Engine.Get<IImageSignatures>();

    private string Repository => $"{_registry.Host}/team/app";

    public override async Task InitializeAsync()
    {
        _guard.Keys.Add(new PemKey(_signer.PublicKey));
        Engine = Open(services => services.AddSingleton<IImageGuard>(_guard).AddSingleton(ImageEngine.Impatient));
        _registry = await RegistryFixture.StartAsync();
    }

    public override async Task DisposeAsync()
    {
        _signer.Dispose();
        await EndRegistryAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task PullAsync_SignedByABundle_IsPulledAndRemembered()
    {
        var reference = await PushAsync("good");
        var digest = await CosignBundle.SignAsync(_signer, reference);

        var image = await Engine.Images.PullAsync(reference);

        await EndRegistryAsync();
        var report = await Signatures.CheckStoredAsync(image.Id, Repository, _guard.Wanted);
        Assert.Equal([new VerifiedSignature(Repository, digest, _guard.Keys[0].Fingerprint)], report.Verified);
    }

    [Fact]
    public async Task PullAsync_TagThatMovedAfterItWasSigned_IsRefused()
    {
        var reference = await PushAsync("good");
        var digest = await CosignBundle.SignAsync(_signer, reference);
        await PushAsync("changed");

        Assert.Contains("there is no signature of", await RefusedAsync(reference), StringComparison.Ordinal);

        // Nor by a list that was made up for the new digest: what is signed tells.
        var moved = await CosignSigner.DigestAsync(reference);
        await CosignBundle.AttachAsync(reference, moved, CosignBundle.Envelope(_signer, CosignBundle.Statement(digest)));
        Assert.Contains("there is one of another image", await RefusedAsync(reference), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PullAsync_BundleOfTheManifestItself_IsASignature()
    {
        var reference = await PushAsync("good");
        var digest = await CosignSigner.DigestAsync(reference);
        var manifest = await File.ReadAllBytesAsync(Path.Combine(
            _registry.StorageFolder, "docker", "registry", "v2", "blobs", "sha256", digest[7..9], digest[7..], "data"));
        await CosignBundle.AttachAsync(reference, digest, CosignBundle.Message(_signer, [.. manifest, (byte)' ']));
        Assert.Contains("not trusted", await RefusedAsync(reference), StringComparison.Ordinal);

        await CosignBundle.AttachAsync(reference, digest, CosignBundle.Message(_signer, manifest));

        await Engine.Images.PullAsync(reference);
    }

    [Fact]
    public async Task PullAsync_BundlesThatProveNothing_AreRefusedEachWithWhy()
    {
        var reference = await PushAsync("good");
        var digest = await CosignSigner.DigestAsync(reference);
        var other = "sha256:" + new string('e', 64);
        var statement = CosignBundle.Statement(digest);
        using var stranger = new CosignSigner();
        JsonObject several = CosignBundle.EnvelopeOf(statement, _signer.Sign(CosignBundle.SignedBytes(statement)));
        several["signatures"]!.AsArray().Add(new JsonObject { ["sig"] = _signer.Sign(CosignBundle.SignedBytes(statement)) });
        var keyless = CosignBundle.Bundle("dsseEnvelope", CosignBundle.EnvelopeOf(statement, _signer.Sign(CosignBundle.SignedBytes(statement))));
        keyless["verificationMaterial"] = new JsonObject { ["certificate"] = new JsonObject { ["rawBytes"] = "AAAA" } };
        var payload = CosignSigner.Payload(Repository, digest);
        (byte[] Bundle, string Why)[] bad =
        [
            (CosignBundle.Envelope(_signer, CosignBundle.Statement(other)), "there is one of another image"),
            (CosignBundle.Envelope(stranger, statement), "not trusted"),
            (CosignBundle.Envelope(_signer, CosignBundle.Statement(digest, "https://slsa.dev/provenance/v1")), "an attestation, which is no signature"),
            (CosignBundle.Envelope(_signer, statement, "text/plain"), "exactly one signature"),
            (CosignBundle.Bytes(CosignBundle.Bundle("dsseEnvelope", CosignBundle.EnvelopeOf(statement, _signer.Sign(statement)))), "not trusted"),

            // A signature of one kind of content is none of another, though the key be the same.
            (CosignBundle.Envelope(_signer, payload), "malformed"),
            (CosignBundle.Message(_signer, payload), "not trusted"),
            (CosignBundle.Message(_signer, statement), "not trusted"),
            (CosignBundle.Bytes(CosignBundle.Bundle("dsseEnvelope", several)), "exactly one signature"),
            (CosignBundle.Bytes(keyless), "(keyless)"),
            ([.. CosignBundle.Envelope(_signer, statement), .. new byte[300_000]], "over 262144 bytes"),
            ("{}"u8.ToArray(), "version that is not known"),
            ("nonsense"u8.ToArray(), "malformed"),
        ];

        foreach (var (bundle, why) in bad)
        {
            await CosignBundle.AttachAsync(reference, digest, bundle);
            Assert.Contains(why, await RefusedAsync(reference), StringComparison.Ordinal);
        }

        // One that fits among them is enough.
        await CosignBundle.AttachAsync(reference, digest, [.. bad.Select(one => one.Bundle), CosignBundle.Envelope(_signer, statement)]);
        await Engine.Images.PullAsync(reference);
    }

    [Fact]
    public async Task PullAsync_BundleInAnotherRepository_IsNotLookedAt()
    {
        var reference = await PushAsync("good");
        await CosignBundle.SignAsync(_signer, reference);
        var other = await PushAsync("good", "other/app:1");

        Assert.Contains("there is no signature of", await RefusedAsync(other), StringComparison.Ordinal);

        // Nor is what was verified in one worth anything in the other.
        var image = await Engine.Images.PullAsync(reference);
        Assert.Empty((await Signatures.CheckStoredAsync(image.Id, $"{_registry.Host}/other/app", _guard.Wanted)).Verified);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CheckStoredAsync_PushedAndSignedThen_IsFoundByWhatWasPushed(bool isBundle)
    {
        var loaded = await Engine.LoadAsync(await WriteAsync(new TestImageBuilder().AddFile("a", "built here"), "built:1"));
        var reference = $"{_registry.Host}/team/app:1";
        await Engine.Images.TagAsync(loaded[0].Id, reference);
        Assert.Contains("no signature", (await Signatures.CheckStoredAsync(loaded[0].Id, Repository, _guard.Wanted)).Problem, StringComparison.Ordinal);
        await Engine.Get<IRegistries>().PushAsync(reference, null, null);
        var digest = isBundle ? await CosignBundle.SignAsync(_signer, reference) : await _signer.SignAsync(reference);

        var report = await Signatures.CheckStoredAsync(loaded[0].Id, Repository, _guard.Wanted);

        Assert.Equal([new VerifiedSignature(Repository, digest, _guard.Keys[0].Fingerprint)], report.Verified);
        await EndRegistryAsync();
        Assert.Single((await Signatures.CheckStoredAsync(loaded[0].Id, Repository, _guard.Wanted)).Verified);
    }

    private async Task EndRegistryAsync()
    {
        if (!_hasEnded)
        {
            _hasEnded = true;
            await _registry.DisposeAsync();
        }
    }

    private Task<string> PushAsync(string content, string nameAndTag = "team/app:1") =>
        _registry.PushAsync(new TestImageBuilder().AddFile("a", content), nameAndTag);

    private async Task<string> RefusedAsync(string reference) =>
        (await AssertFailsAsync(EngineErrorKind.Forbidden, () => Engine.Images.PullAsync(reference))).Message;
}
