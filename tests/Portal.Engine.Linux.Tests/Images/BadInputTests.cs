using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Archives;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Images.Checking;
using Portal.Engine.Images.Importing;
using Portal.Engine.Snapshots;
using Portal.Testing;
using Portal.Testing.Images;
using Portal.Testing.Processes;
using Portal.Testing.Registries;
using Xunit.Abstractions;

namespace Portal.Engine.Linux.Tests.Images;

/// <summary>What registries and layers may do to an engine with little room and little patience.</summary>
public sealed class BadInputTests(ITestOutputHelper output) : ImageTestBase
{
    private static readonly byte[] s_noise = Noise(2_000_000);

    private FakeImage Image(TestImageBuilder image) => new(Instance.TempPath($"{Guid.NewGuid():N}"), image);

    [Fact]
    public async Task PullAsync_LayerThatBlowsUp_IsRefusedAtTheBound()
    {
        await OpenAsync(options => options with { LayerLimits = new TarLimits { MaxBytes = 1_000_000 } });
        var bomb = Image(new TestImageBuilder().AddLayer(writer => writer.WriteFile("zeros", new byte[50_000_000])));
        Assert.True(bomb.Layer.Length < 1_000_000);
        await using var registry = await FakeRegistry.StartAsync(bomb.ServeAsync);

        var failure = await AssertFailsAsync(EngineErrorKind.InvalidArgument, () => Engine.Images.PullAsync($"{registry.Host}/x:1"));

        Assert.Contains("1000000", failure.Message);
        AssertNothingInTheMaking();
        Assert.Empty(Layers());
    }

    [Theory]
    [InlineData("manifests")]
    [InlineData("blobs")]
    [InlineData("token")]
    public async Task PullAsync_RegistryThatHangs_IsUnavailable(string part)
    {
        await OpenAsync();
        await using var registry = await ServeAsync(async (context, _) =>
        {
            if (!context.Request.Path.Value!.Contains(part, StringComparison.Ordinal))
            {
                return false;
            }

            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { });
            return true;
        });

        await AssertFailsAsync(EngineErrorKind.Unavailable, () => Engine.Images.PullAsync($"{registry.Host}/x:1"));
        AssertNothingInTheMaking();
    }

    [Theory]
    [InlineData("<html>please sign in</html>")]
    [InlineData("{}")]
    [InlineData("""{"token":null}""")]
    [InlineData("[1]")]
    public async Task PullAsync_TokenServerThatAnswersOtherwise_SaysSo(string body)
    {
        await OpenAsync();
        await using var registry = await ServeAsync(async (context, _) =>
        {
            if (context.Request.Path != "/token")
            {
                return false;
            }

            await context.Response.WriteAsync(body);
            return true;
        });

        var failure = await Assert.ThrowsAnyAsync<EngineException>(() => Engine.Images.PullAsync($"{registry.Host}/x:1"));

        Assert.True(failure.Kind is EngineErrorKind.InvalidArgument or EngineErrorKind.Unauthenticated, failure.ToString());
    }

    [Fact]
    public async Task PullAsync_DiskFullInTheMiddle_IsUnavailableAndTheRetryGoesOn()
    {
        var small = await OpenOnSmallDiskAsync("3m");
        var image = Image(new TestImageBuilder().AddLayer(writer => writer.WriteFile("noise", s_noise)));
        await using var registry = await FakeRegistry.StartAsync(image.ServeAsync);
        await AssertFailsAsync(EngineErrorKind.Unavailable, () => Engine.Images.PullAsync($"{registry.Host}/x:1"));
        Assert.Empty(await Engine.Images.ListAsync());
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(small, "content", "ingest")));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(small, "overlay", "staging")));
        Assert.True((await Engine.Get<IStoreCheck>().RunAsync(new StoreCheckRequest())).IsSound);

        await Tool.RunAsync("mount", "-o", "remount,size=30m", small);
        await Engine.Images.PullAsync($"{registry.Host}/x:1");

        Assert.Empty((await Engine.Get<IStoreCheck>().RunAsync(new StoreCheckRequest())).Problems);
    }

    [Fact]
    public async Task ImportAsync_DiskFullInTheMiddle_IsUnavailableAndNothingIsLeft()
    {
        var small = await OpenOnSmallDiskAsync("1m");
        var archive = new RawTar().Add("noise", data: s_noise).Build();

        await AssertFailsAsync(
            EngineErrorKind.Unavailable,
            () => Engine.Get<IImageImports>().ImportAsync(new MemoryStream(archive), new ImageImport { Name = "x" }));

        Assert.Empty(Directory.GetFiles(Path.Combine(small, "content"), "*", SearchOption.AllDirectories));
        Assert.Empty(await Engine.Images.ListAsync());
    }

    [Fact]
    [Trait("Area", "survival")]
    public async Task ImportAsync_ManyTinyFiles_TakesNoMemoryForEach()
    {
        await OpenAsync();
        var count = TestSettings.Rounds(5_000, 1_000_000);
        var path = Instance.TempPath("tiny.tar");
        await using (var file = File.Create(path))
        {
            var tar = new TarOutput(new BufferedStream(file, 1 << 20));
            for (var i = 0; i < count; i++)
            {
                if (i % 1000 == 0)
                {
                    await tar.BeginAsync(TarOutput.Folder($"{i / 1000}/"), default);
                }

                await tar.WriteFileAsync($"{i / 1000}/{i}", "x"u8.ToArray(), default);
            }

            await tar.FinishAsync(default);
        }

        await using var archive = File.OpenRead(path);
        var watch = Stopwatch.StartNew();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var image = await Engine.Get<IImageImports>().ImportAsync(archive, new ImageImport { Name = "tiny" });

        var imported = watch.Elapsed;

        // Folders are remembered until the end of the layer, one for a thousand files.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 30_000_000);
        Assert.Equal(count, image.Size);
        Assert.Empty((await Engine.Get<IStoreCheck>().RunAsync(new StoreCheckRequest())).Problems);
        var checkedAt = watch.Elapsed;
        await Engine.Images.RemoveAsync("tiny");
        Assert.Empty(Layers());
        var removed = watch.Elapsed;
        await Engine.Get<ILayerMaintenance>().WaitForSpaceAsync();
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Instance.DataRoot, "overlay", "trash")));
        output.WriteLine($"{count} files: {imported} import, {removed - checkedAt} removal, {watch.Elapsed - removed} until gone");
    }

    private static byte[] Noise(int size)
    {
        var noise = new byte[size];
        new Random(1).NextBytes(noise);
        return noise;
    }

    private async Task OpenAsync(Func<EngineOptions, EngineOptions>? change = null)
    {
        await Engine.DisposeAsync();
        Engine = Open(services => services.AddSingleton(ImageEngine.Impatient), change);
    }

    private async Task<string> OpenOnSmallDiskAsync(string size)
    {
        var small = Directory.CreateDirectory(Path.Combine(Instance.DataRoot, "small")).FullName;
        await Tool.RunAsync("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", small);
        await OpenAsync(options => options with { DataRoot = small });
        return small;
    }

    /// <summary>A registry that wants a token of its own for everything.</summary>
    private async Task<FakeRegistry> ServeAsync(Func<HttpContext, string, Task<bool>> stepIn)
    {
        var image = Image(new TestImageBuilder().AddFile("a", "1"));
        FakeRegistry registry = null!;
        registry = await image.ServeAsync(async context =>
        {
            if (await stepIn(context, registry.Host))
            {
                return true;
            }

            if (context.Request.Path == "/token")
            {
                await context.Response.WriteAsync("""{"token":"t"}""");
                return true;
            }

            if (context.Request.Headers.Authorization == "Bearer t")
            {
                return false;
            }

            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"http://{registry.Host}/token\",service=\"s\"";
            return true;
        });
        return registry;
    }
}
