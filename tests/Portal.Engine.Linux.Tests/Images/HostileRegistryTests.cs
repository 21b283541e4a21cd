using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Testing.Images;
using Portal.Testing.Registries;

namespace Portal.Engine.Linux.Tests.Images;

/// <summary>Registries that lie, hang, break off, redirect or are none.</summary>
public sealed class HostileRegistryTests : ImageTestBase
{
    private FakeImage _image = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Engine.DisposeAsync();
        Engine = Open(services => services.AddSingleton(ImageEngine.Impatient));
        var noise = new byte[600_000];
        new Random(2).NextBytes(noise);
        _image = new FakeImage(Instance.TempPath("layout"), new TestImageBuilder().AddLayer(writer => writer.WriteFile("noise", noise)));
    }

    [Fact]
    public async Task PullAsync_BreaksOffAndHonoursRange_GoesOnWhereItBroke()
    {
        var broken = 0;
        await using var registry = await _image.ServeAsync(async context =>
        {
            if (!IsLayer(context) || broken == 3)
            {
                return false;
            }

            broken++;
            var from = context.Request.GetTypedHeaders().Range?.Ranges.First().From ?? 0;
            if (from > 0)
            {
                context.Response.StatusCode = 206;
                context.Response.Headers.ContentRange = $"bytes {from}-{_image.Layer.Length - 1}/{_image.Layer.Length}";
            }

            context.Response.ContentLength = _image.Layer.Length - from;
            var part = broken == 3 ? _image.Layer.Length - (int)from : 150_000;
            await context.Response.Body.WriteAsync(_image.Layer.AsMemory((int)from, part));
            if (broken < 3)
            {
                await context.Response.Body.FlushAsync();
                context.Abort();
            }

            return true;
        });
        var reports = new ProgressLog();

        await Engine.Images.PullAsync($"{registry.Host}/x:1", progress: reports);

        Assert.Contains(reports.All, report => report.Phase == TransferPhase.Retrying);
        Assert.Contains(registry.Requests, request => request.Contains("bytes="));
        AssertNothingInTheMaking();
    }

    [Fact]
    public async Task PullAsync_BreaksOffAndIgnoresRange_SkipsWhatItHas()
    {
        var isFirst = true;
        await using var registry = await _image.ServeAsync(async context =>
        {
            if (!IsLayer(context) || !isFirst)
            {
                return false;
            }

            isFirst = false;
            context.Response.ContentLength = _image.Layer.Length;
            await context.Response.Body.WriteAsync(_image.Layer.AsMemory(0, 300_000));
            await context.Response.Body.FlushAsync();
            context.Abort();
            return true;
        });

        var image = await Engine.Images.PullAsync($"{registry.Host}/x:1");

        Assert.Equal(600_000, image.Size);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    public async Task PullAsync_PassingFailures_AreRetried(int status)
    {
        var failures = 0;
        await using var registry = await _image.ServeAsync(context =>
        {
            context.Response.StatusCode = failures++ % 3 < 2 ? status : 200;
            context.Response.Headers.RetryAfter = "0";
            return Task.FromResult(context.Response.StatusCode != 200);
        });

        await Engine.Images.PullAsync($"{registry.Host}/x:1");

        Assert.True(failures > 6);
    }

    [Fact]
    public async Task PullAsync_LastingFailure_IsUnavailable()
    {
        await using var registry = await FakeRegistry.StartAsync(Answer(500, "no"));

        await AssertFailsAsync(EngineErrorKind.Unavailable, () => Engine.Images.PullAsync($"{registry.Host}/x:1"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PullAsync_Hangs_IsUnavailableAfterTheIdleTimeout(bool inTheMiddle)
    {
        await using var registry = await _image.ServeAsync(async context =>
        {
            if (!IsLayer(context))
            {
                return false;
            }

            if (inTheMiddle)
            {
                context.Response.ContentLength = _image.Layer.Length;
                await context.Response.Body.WriteAsync(_image.Layer.AsMemory(0, 1));
                await context.Response.Body.FlushAsync();
            }

            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { });
            return true;
        });

        await AssertFailsAsync(EngineErrorKind.Unavailable, () => Engine.Images.PullAsync($"{registry.Host}/x:1"));
        AssertNothingInTheMaking();
    }

    [Theory]
    [InlineData("longer")]
    [InlineData("shorter")]
    [InlineData("other")]
    [InlineData("endless")]
    [InlineData("html")]
    public async Task PullAsync_OtherBytesThanPromised_AreRefusedAndNothingIsLeft(string how)
    {
        await using var registry = await _image.ServeAsync(async context =>
        {
            if (!IsLayer(context))
            {
                return false;
            }

            byte[] body = how switch
            {
                "longer" => [.. _image.Layer, 0],
                "shorter" => _image.Layer[..^1],
                "html" => "<html>login</html>"u8.ToArray(),
                _ => [.. _image.Layer[..^1], (byte)(_image.Layer[^1] ^ 1)],
            };
            context.Response.ContentLength = how is "endless" ? null : body.Length;
            await context.Response.Body.WriteAsync(body);
            if (how == "endless")
            {
                await context.Response.Body.WriteAsync(body);
            }

            return true;
        });

        await AssertFailsAsync(EngineErrorKind.InvalidArgument, () => Engine.Images.PullAsync($"{registry.Host}/x:1"));
        Assert.Empty(await Engine.Images.ListAsync());
        AssertNothingInTheMaking();
    }

    public static TheoryData<string, string> BadManifests => new()
    {
        { "html", "<html></html>" },
        { "not json", "{" },
        { "null", "null" },
        { "schema 1", """{"schemaVersion":1,"name":"x"}""" },
        { "no layers", """{"schemaVersion":2,"config":{"digest":"sha256:0000000000000000000000000000000000000000000000000000000000000000","size":1}}""" },
        { "bad digest", """{"schemaVersion":2,"config":{"digest":"sha256:../../x","size":1},"layers":[]}""" },
        { "negative size", """{"schemaVersion":2,"config":{"digest":"sha256:0000000000000000000000000000000000000000000000000000000000000000","size":-1},"layers":[]}""" },
        { "giant configuration", """{"schemaVersion":2,"config":{"digest":"sha256:0000000000000000000000000000000000000000000000000000000000000000","size":99999999},"layers":[]}""" },
        { "deep", new string('[', 100_000) },
        { "null for a layer", """{"schemaVersion":2,"config":{"digest":"sha256:0000000000000000000000000000000000000000000000000000000000000000","size":1},"layers":[null]}""" },
        { "null in an index", """{"schemaVersion":2,"manifests":[null]}""" },
        { "too many layers", """{"schemaVersion":2,"config":{"digest":"sha256:0000000000000000000000000000000000000000000000000000000000000000","size":1},"layers":[""" + string.Join(',', Enumerable.Repeat("{}", 501)) + "]}" },
    };

    [Theory]
    [MemberData(nameof(BadManifests))]
    public async Task PullAsync_BadManifest_IsRefused(string what, string manifest)
    {
        await using var registry = await FakeRegistry.StartAsync(Answer(200, manifest, what == "html" ? "text/html" : "application/json"));

        await AssertFailsAsync(EngineErrorKind.InvalidArgument, () => Engine.Images.PullAsync($"{registry.Host}/x:1"));
    }

    [Fact]
    public async Task PullAsync_ManifestOver4MiB_IsRefused()
    {
        await using var registry = await FakeRegistry.StartAsync(Answer(200, "{\"x\":\"" + new string('a', 5 << 20) + "\"}"));

        var failure = await AssertFailsAsync(EngineErrorKind.InvalidArgument, () => Engine.Images.PullAsync($"{registry.Host}/x:1"));

        Assert.Contains("4194304", failure.Message);
    }

    [Fact]
    public async Task PullAsync_WrongContentDigestHeader_IsRefused()
    {
        await using var registry = await _image.ServeAsync(context =>
        {
            context.Response.Headers["Docker-Content-Digest"] = $"sha256:{new string('1', 64)}";
            return Task.FromResult(false);
        });

        await AssertFailsAsync(EngineErrorKind.InvalidArgument, () => Engine.Images.PullAsync($"{registry.Host}/x:1"));
    }

    [Fact]
    public async Task PullAsync_BearerToken_IsFetchedOnceAndSentToNoOtherHost()
    {
        await using var storage = await FakeRegistry.StartAsync(_image.ServeAsync);
        FakeRegistry registry = null!;
        registry = await _image.ServeAsync(async context =>
        {
            if (context.Request.Path == "/token")
            {
                Assert.Equal("repository:x:pull", context.Request.Query["scope"]);
                await context.Response.WriteAsync("""{"token":"secret"}""");
                return true;
            }

            if (context.Request.Headers.Authorization != "Bearer secret")
            {
                context.Response.StatusCode = 401;
                context.Response.Headers.WWWAuthenticate =
                    $"Bearer realm=\"http://{registry.Host}/token\",service=\"s\",scope=\"repository:x:pull\"";
                return true;
            }

            if (IsLayer(context))
            {
                context.Response.Redirect($"http://{storage.Host}{context.Request.Path}");
                return true;
            }

            return false;
        });
        await using var _ = registry;

        await Engine.Images.PullAsync($"{registry.Host}/x:1");

        Assert.Single(registry.Requests, request => request.StartsWith("GET /token"));
        Assert.NotEmpty(storage.Requests);
        Assert.DoesNotContain(storage.Requests, request => request.Contains("secret"));
    }

    [Theory]
    [InlineData("http://example.invalid/blob")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://user:password@127.0.0.1:1/x")]
    [InlineData("/v2/loop")]
    public async Task PullAsync_RedirectThatMayNotBe_IsRefused(string target)
    {
        await using var registry = await FakeRegistry.StartAsync(context =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = target;
            return Task.CompletedTask;
        });

        await AssertFailsAsync(EngineErrorKind.InvalidArgument, () => Engine.Images.PullAsync($"{registry.Host}/x:1"));
    }

    [Fact]
    public async Task PullAsync_TokenFromAServerWithoutTls_IsRefused()
    {
        await using var registry = await FakeRegistry.StartAsync(context =>
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"http://example.invalid/token\"";
            return Task.CompletedTask;
        });

        await AssertFailsAsync(EngineErrorKind.InvalidArgument, () => Engine.Images.PullAsync($"{registry.Host}/x:1"));
    }

    [Fact]
    public async Task PullAsync_Cancelled_StopsAndLeavesNothingHalf()
    {
        using var stop = new CancellationTokenSource();
        await using var registry = await _image.ServeAsync(async context =>
        {
            if (!IsLayer(context))
            {
                return false;
            }

            context.Response.ContentLength = _image.Layer.Length;
            await context.Response.Body.WriteAsync(_image.Layer.AsMemory(0, 200_000));
            await context.Response.Body.FlushAsync();
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { });
            return true;
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Engine.Images.PullAsync($"{registry.Host}/x:1", cancellationToken: stop.Token));

        Assert.Empty(await Engine.Images.ListAsync());
        AssertNothingInTheMaking();
    }

    [Fact]
    public async Task PullAsync_OneOfTwoGivesUp_TheOtherGetsItsImage()
    {
        using var stop = new CancellationTokenSource();
        var reached = new TaskCompletionSource();
        var proceed = new TaskCompletionSource();
        await using var registry = await _image.ServeAsync(async context =>
        {
            if (IsLayer(context))
            {
                reached.TrySetResult();
                await proceed.Task;
            }

            return false;
        });
        Engine = Open();
        var first = Engine.Images.PullAsync($"{registry.Host}/x:1", cancellationToken: stop.Token);
        await reached.Task;
        var waiting = new TaskCompletionSource();
        var second = Engine.Images.PullAsync(
            $"{registry.Host}/x:1",
            progress: new CallbackProgress<TransferProgress>(report =>
            {
                if (report.Phase == TransferPhase.Waiting)
                {
                    waiting.TrySetResult();
                }
            }));
        await waiting.Task;
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        proceed.SetResult();

        Assert.Equal(600_000, (await second).Size);
    }

    [Fact]
    public async Task PullAsync_Index_ChoosesThePlatformAndItsVariant()
    {
        var manifest = TestImageBuilder.Digest(_image.Manifest);
        var index = $$$"""
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[
            {"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:{{{new string('0', 64)}}}","size":5,"platform":{"os":"unknown","architecture":"unknown"}},
            {"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:{{{new string('1', 64)}}}","size":5,"platform":{"os":"linux","architecture":"arm","variant":"v6"}},
            {"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{{{manifest}}}","size":{{{_image.Manifest.Length}}},"platform":{"os":"linux","architecture":"{{{new TestImageBuilder().Architecture}}}"}}]}
            """;
        await using var registry = await _image.ServeAsync(async context =>
        {
            if (!context.Request.Path.Value!.EndsWith("/manifests/1"))
            {
                return false;
            }

            context.Response.ContentType = "application/vnd.oci.image.index.v1+json";
            await context.Response.WriteAsync(index);
            return true;
        });

        var image = await Engine.Images.PullAsync($"{registry.Host}/x:1");

        Assert.Equal($"{registry.Host}/x@{TestImageBuilder.Digest(Encoding.UTF8.GetBytes(index))}", Assert.Single(image.Digests));
        var failure = await AssertFailsAsync(
            EngineErrorKind.NotFound, () => Engine.Images.PullAsync($"{registry.Host}/x:1", new ImagePlatform("linux", "s390x")));
        Assert.Contains("linux/arm/v6", failure.Message);
    }

    private bool IsLayer(HttpContext context) => context.Request.Path.Value!.EndsWith(_image.LayerDigest);

    private static Func<HttpContext, Task> Answer(int status, string body, string type = "application/json")
    {
        return async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            await context.Response.WriteAsync(body);
        };
    }
}
