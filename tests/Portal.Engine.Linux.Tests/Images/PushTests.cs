using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Distribution;
using Portal.Engine.Distribution.Pushing;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Testing.Images;
using Portal.Testing.Processes;
using Portal.Testing.Registries;

namespace Portal.Engine.Linux.Tests.Images;

public sealed class PushTests : ImageTestBase
{
    private IRegistries Registries => Engine.Get<IRegistries>();

    [Fact]
    public async Task PushAsync_LoadedImage_ComesBackWithTheSameIdAndLayers()
    {
        await using var registry = await RegistryFixture.StartAsync();
        var name = $"{registry.Host}/team/box:1";
        await Engine.LoadAsync(await BusyboxImages.WriteDockerArchiveAsync(Instance.TempPath("in.tar"), name));
        var before = await Engine.Images.InspectAsync(name);

        var pushed = Assert.Single(await Registries.PushAsync(name, null));
        Assert.Contains($"{registry.Host}/team/box@{pushed.Digest}", (await Engine.Images.InspectAsync(name)).Digests);
        await Engine.Images.RemoveAsync(name);
        await Engine.Images.PullAsync(name);

        var after = await Engine.Images.InspectAsync(name);
        Assert.Equal((before.Id, before.ChainId), (after.Id, after.ChainId));
        var raw = await Tool.RunAsync("skopeo", "inspect", "--raw", "--tls-verify=false", $"docker://{name}");
        Assert.Equal(before.Id, (string)JsonNode.Parse(raw)!["config"]!["digest"]!);
        Assert.Equal(pushed.Size, raw.TrimEnd().Length);
    }

    [Theory]
    [InlineData("v2s2")]
    [InlineData("oci")]
    public async Task PushAsync_PulledImage_KeepsItsManifest(string format)
    {
        await using var registry = await RegistryFixture.StartAsync();
        var source = await registry.PushAsync(Layers(3), "from/app:1", "--format", format);
        await Engine.Images.PullAsync(source);
        var digest = (await Engine.Images.InspectAsync(source)).Digests[0].Split('@')[1];
        await Engine.Images.TagAsync(source, $"{registry.Host}/to/app:2");
        var progress = new ProgressLog();

        var pushed = Assert.Single(await Registries.PushAsync($"{registry.Host}/to/app:2", null, progress));

        Assert.Equal(digest, pushed.Digest);
        Assert.Equal(3, progress.All.Count(step => step.Message == "Mounted from from/app"));
        Assert.DoesNotContain(registry.Log, line => line.Contains("PATCH /v2/to/app/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PushAsync_Twice_SendsNothingTheSecondTime()
    {
        await using var registry = await RegistryFixture.StartAsync();
        var name = $"{registry.Host}/app:1";
        await Engine.LoadAsync(await WriteAsync(Layers(2), name));
        await Registries.PushAsync(name, null);
        var progress = new ProgressLog();

        await Registries.PushAsync(name, null, progress);

        Assert.Equal(2, progress.All.Count(step => step.Phase == TransferPhase.Exists));
        Assert.DoesNotContain(progress.All, step => step.Phase == TransferPhase.Uploading);
    }

    [Fact]
    public async Task PushAsync_WithoutTag_PushesAllTags()
    {
        await using var registry = await RegistryFixture.StartAsync();
        await Engine.LoadAsync(await WriteAsync(Layers(1), $"{registry.Host}/app:1"));
        await Engine.Images.TagAsync($"{registry.Host}/app:1", $"{registry.Host}/app:2");

        var pushed = await Registries.PushAsync($"{registry.Host}/app", null);

        Assert.Equal(["1", "2"], pushed.Select(image => image.Tag));
    }

    [Fact]
    public async Task PushAsync_LayersInAnotherCompression_GetAManifestOfWhatIsHere()
    {
        await using var registry = await RegistryFixture.StartAsync();
        var image = Layers(2);
        await Engine.LoadAsync(await WriteAsync(image, "plain:1"));
        var source = await registry.PushAsync(image, "gzip:1");
        await Engine.Images.PullAsync(source);
        await Engine.Images.TagAsync(source, $"{registry.Host}/again:1");

        await Registries.PushAsync($"{registry.Host}/again:1", null);
        var id = (await Engine.Images.InspectAsync(source)).Id;
        foreach (var name in new[] { "plain:1", source, $"{registry.Host}/again:1" })
        {
            await Engine.Images.RemoveAsync(name);
        }

        Assert.Equal(id, (await Engine.Images.PullAsync($"{registry.Host}/again:1")).Id);
    }

    [Fact]
    public async Task PushAsync_UploadThatBreaksOff_GoesOnWhereItStood()
    {
        await Engine.DisposeAsync();
        Engine = Open(services => services.AddSingleton(ImageEngine.Impatient));
        var store = new MemoryStream();
        var breaks = 2;
        await using var registry = await FakeRegistry.StartAsync(async context =>
        {
            var request = context.Request;
            var path = request.Path.Value!;
            context.Response.StatusCode = 404;
            if (path == "/v2/")
            {
                context.Response.StatusCode = 200;
            }
            else if (request.Method == "POST")
            {
                store.SetLength(0);
                context.Response.StatusCode = 202;
                context.Response.Headers.Location = "/v2/app/blobs/uploads/1?state=x";
            }
            else if (request.Method == "PATCH")
            {
                await ReceiveAsync(context);
            }
            else if (request.Method == "GET" && path.EndsWith("/uploads/1", StringComparison.Ordinal))
            {
                context.Response.StatusCode = 204;
                context.Response.Headers.Range = $"0-{store.Length - 1}";
            }
            else if (request.Method == "PUT")
            {
                var matches = path.Contains("/manifests/", StringComparison.Ordinal)
                    || request.Query["digest"] == TestImageBuilder.Digest(store.ToArray());
                context.Response.StatusCode = matches ? 201 : 400;
            }
        });
        var bytes = new byte[3 << 20];
        new Random(1).NextBytes(bytes);
        var image = new TestImageBuilder().AddLayer(tar => tar.WriteFile("random", bytes));
        await Engine.LoadAsync(await WriteAsync(image, $"{registry.Host}/app:1"));

        await Registries.PushAsync($"{registry.Host}/app:1", null);

        Assert.Equal(0, breaks);
        Assert.Equal(2, registry.Requests.Count(line => line.StartsWith("GET /v2/app/blobs/uploads/1", StringComparison.Ordinal)));

        async Task ReceiveAsync(HttpContext context)
        {
            var start = long.Parse(
                context.Request.Headers.ContentRange.ToString().Split('-')[0], CultureInfo.InvariantCulture);
            context.Response.StatusCode = start == store.Length ? 202 : 416;
            context.Response.Headers.Location = "/v2/app/blobs/uploads/1?state=y";
            var buffer = new byte[64 * 1024];
            var total = 0;
            int read;
            while ((read = await context.Request.Body.ReadAsync(buffer)) > 0)
            {
                store.Write(buffer, 0, read);
                if ((total += read) > 1 << 20 && breaks > 0)
                {
                    breaks--;
                    context.Abort();
                    return;
                }
            }
        }
    }

    [Theory]
    [InlineData(403, EngineErrorKind.Forbidden)]
    [InlineData(401, EngineErrorKind.Unauthenticated)]
    [InlineData(500, EngineErrorKind.Unavailable)]
    [InlineData(400, EngineErrorKind.InvalidArgument)]
    public async Task PushAsync_RegistryThatRefuses_FailsInItsKind(int status, EngineErrorKind kind)
    {
        await Engine.DisposeAsync();
        Engine = Open(services => services.AddSingleton(ImageEngine.Impatient));
        await using var registry = await FakeRegistry.StartAsync(context =>
        {
            context.Response.StatusCode = context.Request.Method == "POST" ? status : context.Request.Path == "/v2/" ? 200 : 404;
            return Task.CompletedTask;
        });
        await Engine.LoadAsync(await WriteAsync(Layers(1), $"{registry.Host}/app:1"));

        await AssertFailsAsync(kind, () => Registries.PushAsync($"{registry.Host}/app:1", null));
    }

    [Theory]
    [InlineData("missing:1", EngineErrorKind.NotFound)]
    [InlineData("UPPER", EngineErrorKind.InvalidArgument)]
    public async Task PushAsync_NoSuchName_Fails(string name, EngineErrorKind kind)
    {
        await AssertFailsAsync(kind, () => Registries.PushAsync(name, null));
    }

    private static TestImageBuilder Layers(int count)
    {
        var image = new TestImageBuilder();
        foreach (var number in Enumerable.Range(0, count))
        {
            image.AddFile($"file{number}", $"content {number}");
        }

        return image;
    }
}
