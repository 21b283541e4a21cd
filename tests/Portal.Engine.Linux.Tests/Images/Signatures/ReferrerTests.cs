using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Distribution.Signatures;
using Portal.Engine.Errors;
using Portal.Testing.Images;
using Portal.Testing.Registries;

namespace Portal.Engine.Linux.Tests.Images.Signatures;

/// <summary>Registries that keep lists of what refers to an image, honest ones and others.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The runner ends it by IAsyncLifetime.")]
public sealed class ReferrerTests : ImageTestBase
{
    private const string IndexType = "application/vnd.oci.image.index.v1+json";
    private readonly TrustingGuard _guard = new();
    private readonly CosignSigner _signer = new();
    private readonly Dictionary<string, (int Status, string Type, byte[] Body, string Link)> _answers = [];
    private FakeImage _image = null!;
    private FakeRegistry _registry = null!;
    private string _digest = "";
    private byte[] _bundle = [];

    private string ListPath => $"/v2/x/referrers/{_digest}";

    private string TagPath => $"/v2/x/manifests/{_digest.Replace(':', '-')}";

    public override async Task InitializeAsync()
    {
        _guard.Keys.Add(new PemKey(_signer.PublicKey));
        Engine = Open(services => services.AddSingleton<IImageGuard>(_guard).AddSingleton(ImageEngine.Impatient));
        _image = new FakeImage(Instance.TempPath("layout"), new TestImageBuilder().AddFile("a", "b"));
        _digest = TestImageBuilder.Digest(_image.Manifest);
        _bundle = CosignBundle.Envelope(_signer, CosignBundle.Statement(_digest));
        _registry = await _image.ServeAsync(async context =>
        {
            var path = context.Request.Path.Value!;
            if (_answers.TryGetValue(path + context.Request.QueryString, out var answer)
                || path.EndsWith(".sig", StringComparison.Ordinal) || path == TagPath)
            {
                await AnswerAsync(context.Response, answer);
                return true;
            }

            return false;
        });
    }

    public override async Task DisposeAsync()
    {
        _signer.Dispose();
        await _registry.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task PullAsync_RegistryWithLists_IsAskedForNoTag()
    {
        var manifest = Offer(_bundle);
        Answer(ListPath, CosignBundle.List(manifest));

        await PullAsync();

        Assert.DoesNotContain(_registry.Requests, request => request == $"GET {TagPath}");
    }

    [Theory]
    [InlineData("application/vnd.oci.empty.v1+json")]
    [InlineData("")]
    [InlineData(null)]
    public async Task PullAsync_ListThatLostTheType_IsReadAllTheSame(string? type)
    {
        var list = CosignBundle.List(Offer(_bundle));
        list["manifests"]![0]!["artifactType"] = type;
        Answer(ListPath, list);

        await PullAsync();
    }

    [Theory]
    [InlineData(404, "application/json")]
    [InlineData(400, "application/json")]
    [InlineData(403, "application/json")]
    [InlineData(405, "text/plain")]
    [InlineData(200, "text/html")]
    public async Task PullAsync_RegistryWithoutLists_IsAskedForTheTagOfThem(int status, string type)
    {
        _answers[ListPath] = (status, type, "no"u8.ToArray(), "");
        Answer(TagPath, CosignBundle.List(Offer(_bundle)));

        await PullAsync();
    }

    [Fact]
    public async Task PullAsync_ListInPages_IsFollowedWithinTheRegistryAndBounds()
    {
        var empty = CosignBundle.Bytes(CosignBundle.List());
        _answers[ListPath] = (200, IndexType, empty, $"<{ListPath}?p=1>; rel=\"next\"");
        Answer($"{ListPath}?p=1", CosignBundle.List(Offer(_bundle)));
        await PullAsync();

        for (var page = 1; page < 10; page++)
        {
            _answers[$"{ListPath}?p={page}"] = (200, IndexType, empty, $"<{ListPath}?p={page + 1}>; rel=\"next\"");
        }

        Assert.Contains("there is no signature", await RefusedAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(_registry.Requests, request => request.Contains("p=4", StringComparison.Ordinal));

        _answers[ListPath] = (200, IndexType, empty, "<http://192.0.2.1/v2/x/referrers/y>; rel=\"next\"");
        Assert.Contains("goes on elsewhere", await RefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PullAsync_ListsThatAreNone_AreRefusedWithWhy()
    {
        var good = Encoding.UTF8.GetString(CosignBundle.Bytes(CosignBundle.List(Offer(_bundle))));
        foreach (var text in new[]
        {
            "", "{}", "[]", "null", "{\"schemaVersion\":2}", "{\"schemaVersion\":1,\"manifests\":[]}",
            good.Replace("\"manifests\"", "\"layers\"", StringComparison.Ordinal),
            good.Replace("\"manifests\"", "\"manifests\":[],\"manifests\"", StringComparison.Ordinal),
            good.Replace("\"digest\"", "\"digest\":\"\",\"digest\"", StringComparison.Ordinal), new string('[', 5000), good + new string(' ', 5 << 20),
        })
        {
            _answers[ListPath] = (200, IndexType, Encoding.UTF8.GetBytes(text), "");
            Assert.Contains("can't be read", await RefusedAsync(), StringComparison.Ordinal);
        }

        // An entry that is none, or that can't be one, spoils nothing.
        var list = CosignBundle.List(Offer(_bundle));
        list["manifests"]!.AsArray().Insert(0, null);
        list["manifests"]!.AsArray().Insert(0, new JsonObject { ["artifactType"] = CosignBundle.MediaType, ["digest"] = "sha256:../../x" });
        list["manifests"]!.AsArray().Insert(0, new JsonObject { ["artifactType"] = CosignBundle.MediaType });
        Answer(ListPath, list);
        await PullAsync();
    }

    [Fact]
    public async Task PullAsync_ArtifactsThatAreNotWhatTheListSays_AreRefusedWithWhy()
    {
        var big = CosignBundle.Manifest(_digest, _bundle);
        big["annotations"] = new JsonObject { ["a"] = new string('x', 70_000) };
        (Action<JsonObject> Change, string Why)[] bad =
        [
            (manifest => manifest["subject"]!["digest"] = "sha256:" + new string('1', 64), "refers to another image"),
            (manifest => manifest.Remove("subject"), "refers to another image"),
            (manifest => manifest["layers"] = new JsonArray(), "not laid out"),
            (manifest => manifest["layers"] = null, "not laid out"),
            (manifest => manifest["layers"]!.AsArray().Add(manifest["layers"]![0]!.DeepClone()), "not laid out"),
            (manifest => manifest["layers"]![0]!["mediaType"] = "text/plain", "not laid out"),
            (manifest => manifest["layers"]![0]!["size"] = 1 << 30, "over 262144 bytes"),
            (manifest => manifest["layers"]![0]!["size"] = -1, "can't be read"),
            (manifest => manifest["layers"]![0]!["size"] = 5, "size or digest differ"),
            (manifest => manifest["layers"]![0]!["digest"] = "sha256:../x", "can't be read"),
            (manifest => manifest["layers"]![0]!["digest"] = "sha256:" + new string('2', 64), "can't be read"),
            (manifest => manifest["layers"] = 1, "can't be read"),
            (manifest => manifest["artifactType"] = "text/plain", "there is no signature"),
            (manifest => manifest["annotations"] = new JsonObject { ["a"] = new string('x', 70_000) }, "over 65536 bytes"),
        ];
        foreach (var (change, why) in bad)
        {
            var manifest = CosignBundle.Manifest(_digest, _bundle);
            var entry = CosignBundle.Entry(manifest);
            change(manifest);
            Offer(manifest);
            entry["digest"] = TestImageBuilder.Digest(CosignBundle.Bytes(manifest));
            var list = CosignBundle.List();
            list["manifests"]!.AsArray().Add(entry);
            Answer(ListPath, list);
            Assert.Contains(why, await RefusedAsync(), StringComparison.Ordinal);
        }

        // Another manifest than that of the digest.
        var asked = Offer(_bundle);
        Answer(ListPath, CosignBundle.List(asked));
        _answers[$"/v2/x/manifests/{TestImageBuilder.Digest(CosignBundle.Bytes(asked))}"] = (200, "", CosignBundle.Bytes(big), "");
        Assert.Contains("can't be read", await RefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PullAsync_MoreThanAnybodyAttaches_IsBoundedAndAttestationsDontCount()
    {
        var good = Offer(_bundle);
        var others = Enumerable.Range(0, 2000).Select(number =>
        {
            var entry = CosignBundle.Entry(good);
            entry["digest"] = $"sha256:{number:x64}";
            return entry;
        }).ToList();
        var list = CosignBundle.List();
        others.ForEach(list["manifests"]!.AsArray().Add);
        list["manifests"]!.AsArray().Add(CosignBundle.Entry(good));
        Answer(ListPath, list);

        var message = await RefusedAsync();

        Assert.Contains("only the first are looked at", message, StringComparison.Ordinal);
        Assert.Contains("more", message, StringComparison.Ordinal);
        Assert.True(message.Length < 4000, message);
        Assert.InRange(_registry.Requests.Count, 64, 100);

        foreach (var entry in others)
        {
            entry["annotations"] = new JsonObject { ["dev.sigstore.bundle.predicateType"] = "https://slsa.dev/provenance/v1" };
        }

        Answer(ListPath, list);
        await PullAsync();
    }

    [Fact]
    public async Task PullAsync_ListThatCanNotBeAskedFor_IsNoLackOfSignatures()
    {
        _answers[ListPath] = (503, "application/json", [], "");

        await AssertFailsAsync(EngineErrorKind.Unavailable, PullAsync);
    }

    private static async Task AnswerAsync(HttpResponse response, (int Status, string Type, byte[] Body, string Link) answer)
    {
        response.StatusCode = answer.Status == 0 ? 404 : answer.Status;
        response.ContentType = answer.Type;
        if (answer.Link is { Length: > 0 })
        {
            response.Headers.Link = answer.Link;
        }

        await response.Body.WriteAsync(answer.Body ?? []);
    }

    private void Answer(string path, JsonNode node) => _answers[path] = (200, IndexType, CosignBundle.Bytes(node), "");

    private JsonObject Offer(byte[] bundle) => Offer(CosignBundle.Manifest(_digest, bundle));

    private JsonObject Offer(JsonObject manifest)
    {
        var bytes = CosignBundle.Bytes(manifest);
        _answers[$"/v2/x/manifests/{TestImageBuilder.Digest(bytes)}"] = (200, "application/vnd.oci.image.manifest.v1+json", bytes, "");
        _answers[$"/v2/x/blobs/{TestImageBuilder.Digest(_bundle)}"] = (200, "application/octet-stream", _bundle, "");
        return manifest;
    }

    private Task PullAsync() => Engine.Images.PullAsync($"{_registry.Host}/x:1");

    private async Task<string> RefusedAsync() => (await AssertFailsAsync(EngineErrorKind.Forbidden, PullAsync)).Message;
}
