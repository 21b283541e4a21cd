using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Distribution.Connections;
using Portal.Engine.Distribution.Signatures;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Tests.Builds.Execution;
using Portal.Testing.Images;
using Portal.Testing.Registries;

namespace Portal.Engine.Linux.Tests.Images.Signatures;

/// <summary>Pulls from Debian's registry with a guard that wants signatures, and looks at images that are here.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The runner ends it by IAsyncLifetime.")]
public sealed class SignatureTests : ImageTestBase
{
    private readonly TrustingGuard _guard = new();
    private readonly CosignSigner _signer = new();
    private RegistryFixture _registry = null!;
    private bool _hasEnded;

    private IImageSignatures Signatures => Engine.Get<IImageSignatures>();

    public override async Task InitializeAsync()
    {
        _guard.Keys.Add(new PemKey(_signer.PublicKey));
        Engine = Guarded();
        _registry = await RegistryFixture.StartAsync();
    }

    public override async Task DisposeAsync()
    {
        _signer.Dispose();
        await EndRegistryAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task PullAsync_SignedImage_IsPulledAndRemembered()
    {
        var reference = await PushAsync("team/app:1");
        var digest = await _signer.SignAsync(reference);

        var image = await Engine.Images.PullAsync(reference);

        Assert.Equal([reference], image.Names);
        await EndRegistryAsync();
        await Engine.DisposeAsync();
        Engine = Guarded();
        var report = await Signatures.CheckStoredAsync(image.Id, $"{_registry.Host}/team/app", _guard.Wanted);
        Assert.Equal([new VerifiedSignature($"{_registry.Host}/team/app", digest, _guard.Keys[0].Fingerprint)], report.Verified);
        Assert.Equal("", report.Problem);

        // Another repository, or a key that is not trusted any more: nothing that was seen counts for it.
        Assert.Contains("can't be asked", (await Signatures.CheckStoredAsync(image.Id, $"{_registry.Host}/other", _guard.Wanted)).Problem);
        using var other = new CosignSigner();
        var others = new WantedSignatures([new PemKey(other.PublicKey)], keys => keys.Count > 0);
        Assert.Empty((await Signatures.CheckStoredAsync(image.Id, $"{_registry.Host}/team/app", others)).Verified);
    }

    [Fact]
    public async Task PullAsync_UnsignedImage_LeavesNothing()
    {
        var reference = await PushAsync("team/app:1");

        var failure = await AssertFailsAsync(EngineErrorKind.Forbidden, () => Engine.Images.PullAsync(reference));

        Assert.Contains($"there is no signature of {await CosignSigner.DigestAsync(reference)} in the registry", failure.Message);
        Assert.Empty(await Engine.Images.ListAsync());
        Assert.Empty(Blobs());
        AssertNothingInTheMaking();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PullAsync_Index_IsSignedByItselfOrByItsImage(bool signsIndex)
    {
        var one = await PushAsync("team/app:one");
        var manifest = await CosignSigner.DigestAsync(one);
        var reference = await PushIndexAsync("team/app:1", manifest);
        await _signer.SignAsync(signsIndex ? reference : one);

        var image = await Engine.Images.PullAsync(reference);

        Assert.Contains(await CosignSigner.DigestAsync(reference), Assert.Single(image.Digests));
        Assert.NotEmpty((await Signatures.CheckStoredAsync(image.Id, $"{_registry.Host}/team/app", _guard.Wanted)).Verified);
        Assert.NotEmpty((await Signatures.CheckAsync(reference, null, null, _guard.Wanted)).Verified);
    }

    [Fact]
    public async Task PullAsync_OnlyAnotherPlatformIsSigned_IsRefused()
    {
        var signed = await PushAsync("team/app:other", "other");
        await _signer.SignAsync(signed);
        var reference = await PushIndexAsync(
            "team/app:1", await CosignSigner.DigestAsync(await PushAsync("team/app:one")), await CosignSigner.DigestAsync(signed));

        await AssertFailsAsync(EngineErrorKind.Forbidden, () => Engine.Images.PullAsync(reference));
    }

    [Fact]
    public async Task PullAsync_TagThatMovedToAnUnsignedImage_IsRefused()
    {
        var reference = await PushAsync("team/app:1");
        await _signer.SignAsync(reference);
        await Engine.Images.PullAsync(reference);
        await PushAsync("team/app:1", "changed");

        await AssertFailsAsync(EngineErrorKind.Forbidden, () => Engine.Images.PullAsync(reference));
    }

    [Fact]
    public async Task PullAsync_SignaturesThatProveNothing_AreRefusedEachWithWhy()
    {
        var reference = await PushAsync("team/app:1");
        var repository = $"{_registry.Host}/team/app";
        var digest = await CosignSigner.DigestAsync(reference);
        var other = "sha256:" + new string('e', 64);
        using var stranger = new CosignSigner();
        var good = CosignSigner.Payload(repository, digest);
        CosignLayer Signed(byte[] payload) => new(payload, _signer.Sign(payload));
        CosignLayer Text(string payload) => Signed(Encoding.UTF8.GetBytes(payload));
        var critical = Encoding.UTF8.GetString(good);
        (CosignLayer Layer, string Why)[] bad =
        [
            (Signed(CosignSigner.Payload(repository, other)), "of another image, " + other),
            (Signed(CosignSigner.Payload($"{_registry.Host}/team/app2", digest)), "for another repository"),
            (Signed(CosignSigner.Payload($"{_registry.Host}/team", digest)), "for another repository"),
            (Signed(CosignSigner.Payload("team/app", digest)), "for another repository, 'docker.io/team/app'"),
            (Signed(CosignSigner.Payload("", digest)), "malformed"),
            (new CosignLayer(good, stranger.Sign(good)), "not trusted"),
            (new CosignLayer(good, _signer.Sign(CosignSigner.Payload(repository, other))), "not trusted"),
            (new CosignLayer(good, "!!! no base64 !!!"), "no base64"),
            (new CosignLayer(good, ""), "not trusted"),
            (new CosignLayer(good, null), "not in sigstore's form"),
            (new CosignLayer(good, new string('A', 5000)), "not in sigstore's form"),
            (new CosignLayer(good, _signer.Sign(good), "text/plain"), "not in sigstore's form"),
            (Signed([.. good, .. new byte[10 << 20]]), "over 65536 bytes"),
            (Text("""{"critical":null,"optional":null}"""), "malformed"),
            (Text("[]"), "malformed"),
            (Text("null"), "malformed"),
            (Text(""), "malformed"),
            (Text(critical.Replace("cosign container image signature", "atomic container signature", StringComparison.Ordinal)), "malformed"),
            (Text(critical.Replace("{\"critical\"", "{\"other\":1,\"critical\"", StringComparison.Ordinal)), "malformed"),
            (Text(critical.Replace("{\"critical\":{", "{\"critical\":{\"more\":1,", StringComparison.Ordinal)), "malformed"),
            (Text(critical.Replace("\"optional\":null", "\"optional\":1", StringComparison.Ordinal)), "malformed"),
            (Text(critical.Replace($"\"{digest}\"", $"\"{other}\",\"docker-manifest-digest\":\"{digest}\"", StringComparison.Ordinal)), "malformed"),
            (Text(critical.Replace(digest, digest.Replace("sha256", "sha512", StringComparison.Ordinal), StringComparison.Ordinal)), "malformed"),
            (Text(critical.Replace($"\"{digest}\"", $"[\"{digest}\"]", StringComparison.Ordinal)), "malformed"),
            (Text(critical.Replace(repository, "\\ud800", StringComparison.Ordinal)), "malformed"),
            (Text(new string('[', 5000)), "malformed"),
        ];

        foreach (var (layer, why) in bad)
        {
            await CosignSigner.AttachAsync(reference, digest, layer);
            var failure = await AssertFailsAsync(EngineErrorKind.Forbidden, () => Engine.Images.PullAsync(reference));
            Assert.Contains(why, failure.Message, StringComparison.Ordinal);
        }

        await CosignSigner.AttachAsync(reference, digest);
        Assert.Contains("is empty", (await AssertFailsAsync(EngineErrorKind.Forbidden, () => Engine.Images.PullAsync(reference))).Message);

        // One that fits among them is enough.
        await CosignSigner.AttachAsync(reference, digest, [.. bad.Select(one => one.Layer), Signed(good)]);
        await Engine.Images.PullAsync(reference);
    }

    [Fact]
    public async Task PullAsync_MoreSignaturesThanAnybodyMakes_AreBounded()
    {
        var reference = await PushAsync("team/app:1");
        var digest = await CosignSigner.DigestAsync(reference);
        var layers = Enumerable.Range(0, 64).Select(number => new CosignLayer(Encoding.UTF8.GetBytes($"{number}"), "AAAA")).ToList();
        var good = CosignSigner.Payload($"{_registry.Host}/team/app", digest);
        await CosignSigner.AttachAsync(reference, digest, [.. layers, new CosignLayer(good, _signer.Sign(good))]);

        var failure = await AssertFailsAsync(EngineErrorKind.Forbidden, () => Engine.Images.PullAsync(reference));

        Assert.Contains("only the first are looked at", failure.Message);
        await CosignSigner.AttachAsync(reference, digest, [.. layers.Skip(1), new CosignLayer(good, _signer.Sign(good))]);
        await Engine.Images.PullAsync(reference);
    }

    [Fact]
    public async Task CheckStoredAsync_PulledBeforeAnybodyAsked_LooksInTheRegistryOnce()
    {
        _guard.IsOn = false;
        var reference = await PushAsync("team/app:1");
        var image = await Engine.Images.PullAsync(reference);
        var repository = $"{_registry.Host}/team/app";
        Assert.Contains("no signature", (await Signatures.CheckStoredAsync(image.Id, repository, _guard.Wanted)).Problem);
        await _signer.SignAsync(reference);

        Assert.Single((await Signatures.CheckStoredAsync(image.Id, repository, _guard.Wanted)).Verified);

        await EndRegistryAsync();
        Assert.Single((await Signatures.CheckStoredAsync(image.Id, repository, _guard.Wanted)).Verified);
        Assert.Empty((await Signatures.CheckStoredAsync("sha256:" + new string('0', 64), repository, _guard.Wanted)).Verified);
    }

    [Fact]
    public async Task CheckStoredAsync_AnotherImageUnderASignedOnesName_IsNotSigned()
    {
        var reference = await PushAsync("team/app:1");
        await _signer.SignAsync(reference);
        await Engine.Images.PullAsync(reference);
        var loaded = await Engine.LoadAsync(await BusyboxImages.WriteDockerArchiveAsync(Instance.TempPath("busybox.tar")));
        await Engine.Images.TagAsync(loaded[0].Id, reference);

        var report = await Signatures.CheckStoredAsync(loaded[0].Id, $"{_registry.Host}/team/app", _guard.Wanted);

        Assert.Empty(report.Verified);
        Assert.Contains("no signature", report.Problem);
    }

    [Fact]
    public async Task PullAsync_MirrorWithoutSignatures_IsPassedOver()
    {
        var reference = await PushAsync("team/app:1");
        await _signer.SignAsync(reference);
        await using var mirror = await RegistryFixture.StartAsync();
        await mirror.PushAsync(new TestImageBuilder().AddFile("a", "evil"), "team/app:1");
        await Engine.DisposeAsync();
        Engine = Open(Register, options => options with
        {
            Registries = options.Registries with { Mirrors = [RegistryMirror.Parse($"{_registry.Host}=http://{mirror.Host}")] },
        });

        var image = await Engine.Images.PullAsync(reference);

        Assert.Equal("good", await File.ReadAllTextAsync(await Engine.MountAsync(image) + "/a"));
    }

    [Fact]
    public async Task PullAsync_RegistryThatLiesAboutSignatures_IsRefusedAndOneThatIsAwayIsTriedAgain()
    {
        var image = new FakeImage(Instance.TempPath("layout"), new TestImageBuilder().AddFile("a", "b"));
        var digest = TestImageBuilder.Digest(image.Manifest);
        var answer = (Status: 200, Type: "application/vnd.oci.image.manifest.v1+json", Body: Array.Empty<byte>(), Claim: "");
        var payload = Array.Empty<byte>();
        await using var registry = await image.ServeAsync(async context =>
        {
            var path = context.Request.Path.Value!;
            if (path.EndsWith(".sig", StringComparison.Ordinal))
            {
                (context.Response.StatusCode, context.Response.ContentType) = (answer.Status, answer.Type);
                context.Response.Headers["Docker-Content-Digest"] = answer.Claim.Length > 0 ? answer.Claim : TestImageBuilder.Digest(answer.Body);
                await context.Response.Body.WriteAsync(answer.Body);
                return true;
            }

            if (path.EndsWith(TestImageBuilder.Digest(CosignSigner.Payload($"{context.Request.Host}/x", digest)), StringComparison.Ordinal))
            {
                await context.Response.Body.WriteAsync(payload);
                return true;
            }

            return false;
        });
        var good = CosignSigner.Payload($"{registry.Host}/x", digest);
        var layer = $$$"""
            {"mediaType":"{{{CosignSigner.PayloadType}}}","digest":"{{{TestImageBuilder.Digest(good)}}}","size":{{{good.Length}}},
            "annotations":{"dev.cosignproject.cosign/signature":"{{{_signer.Sign(good)}}}"}}
            """;
        byte[] Manifest(string layers) => Encoding.UTF8.GetBytes(
            $$$"""{"schemaVersion":2,"config":{"mediaType":"x","digest":"{{{digest}}}","size":2},"layers":{{{layers}}} }""");
        async Task<string> RefusedAsync(EngineErrorKind kind = EngineErrorKind.Forbidden) =>
            (await AssertFailsAsync(kind, () => Engine.Images.PullAsync($"{registry.Host}/x:1"))).Message;

        answer.Body = Manifest($"[{layer}]");
        payload = [.. good, 1];
        Assert.Contains("size or digest differ", await RefusedAsync());
        payload = new byte[10 << 20];
        Assert.Contains("over 65536 bytes", await RefusedAsync());
        payload = good;
        answer.Claim = "sha256:" + new string('1', 64);
        Assert.Contains("sends something else", await RefusedAsync());
        answer.Claim = "";
        foreach (var body in new[]
        {
            Manifest("[null]"), Manifest("{}"), Manifest("[" + string.Join(',', Enumerable.Repeat(layer, 501)) + "]"), "{}"u8.ToArray(), "["u8.ToArray(),
            new byte[5 << 20], Manifest($"[{layer},{{\"digest\":\"sha256:../../x\",\"size\":1}}]"),
        })
        {
            answer.Body = body;
            Assert.Contains("can't be read", await RefusedAsync());
        }

        answer = (200, "text/html", Manifest($"[{layer}]"), "");
        Assert.Contains("web page", await RefusedAsync());
        answer = (403, "application/json", [], "");
        Assert.Contains("forbids access", await RefusedAsync());
        answer = (503, "application/json", [], "");
        await RefusedAsync(EngineErrorKind.Unavailable);
        Assert.Empty(await Engine.Images.ListAsync());

        answer = (200, "application/vnd.oci.image.manifest.v1+json", Manifest($"[{layer}]"), "");
        await Engine.Images.PullAsync($"{registry.Host}/x:1");
    }

    [Fact]
    public async Task BuildAsync_FromAnImageThatIsHere_AsksForItsSignature()
    {
        await using var host = await BuildHost.StartAsync(replace: services => services.AddSingleton<IImageGuard>(_guard));

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => host.BuildAsync("FROM busybox\nENV A=b"));
        Assert.Contains("no signature", refused.ToString(), StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<Exception>(() => host.BuildAsync("FROM scratch\nCOPY --from=busybox:latest /bin/busybox /x"));
        _guard.IsOn = false;
        await host.BuildAsync("FROM busybox\nENV A=b");
        await host.BuildAsync("FROM scratch\nENV A=b");

        Assert.Equal(["busybox", "busybox:latest", "busybox"], _guard.Used.Select(image => image.Asked));
        Assert.All(_guard.Used, image => Assert.Equal(["docker.io/library/busybox:latest"], image.Names));
    }

    private async Task EndRegistryAsync()
    {
        if (!_hasEnded)
        {
            _hasEnded = true;
            await _registry.DisposeAsync();
        }
    }

    private void Register(IServiceCollection services) =>
        services.AddSingleton<IImageGuard>(_guard).AddSingleton(ImageEngine.Impatient);

    private ImageEngine Guarded() => Open(Register);

    private Task<string> PushAsync(string nameAndTag, string content = "good") =>
        _registry.PushAsync(new TestImageBuilder().AddFile("a", content), nameAndTag);

    private async Task<string> PushIndexAsync(string nameAndTag, string manifest, string? other = null)
    {
        var entries = new List<string> { Entry(manifest, new TestImageBuilder().Architecture) };
        if (other is not null)
        {
            entries.Add(Entry(other, "s390x"));
        }

        var index = $$"""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{{string.Join(',', entries)}}]}""";
        using var http = new HttpClient();
        using var content = new StringContent(index);
        content.Headers.ContentType = new("application/vnd.oci.image.index.v1+json");
        var colon = nameAndTag.LastIndexOf(':');
        using var put = await http.PutAsync($"http://{_registry.Host}/v2/{nameAndTag[..colon]}/manifests/{nameAndTag[(colon + 1)..]}", content);
        put.EnsureSuccessStatusCode();
        return $"{_registry.Host}/{nameAndTag}";
    }

    private string Entry(string manifest, string architecture)
    {
        var blob = Path.Combine(
            _registry.StorageFolder, "docker", "registry", "v2", "blobs", "sha256", manifest[7..9], manifest[7..], "data");
        return $$$"""
            {"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{{{manifest}}}","size":{{{new FileInfo(blob).Length}}},
            "platform":{"os":"linux","architecture":"{{{architecture}}}"}}
            """;
    }
}
