using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Distribution;
using Portal.Engine.Distribution.Connections;
using Portal.Engine.Distribution.Logins;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Testing.Images;
using Portal.Testing.Registries;

namespace Portal.Engine.Linux.Tests.Images.Registries;

public sealed class MirrorTests : ImageTestBase
{
    private static readonly RegistryCredentials s_ada = new() { Username = "ada", Password = "s3cret" };
    private readonly TestImageBuilder _image = new TestImageBuilder().AddFile("a", "b");

    private IRegistries Registries => Engine.Get<IRegistries>();

    [Fact]
    public async Task Mirror_HasIt_ServesAllOfItUnderTheRegistrysName()
    {
        await using var mirror = await RegistryFixture.StartAsync();
        await mirror.PushAsync(_image, "library/app:1");
        await using var origin = await FakeRegistry.StartAsync(Refuse);
        await UseAsync($"{origin.Host}=http://{mirror.Host}");

        var image = await Registries.PullAsync($"{origin.Host}/library/app:1", s_ada);

        Assert.Equal([$"{origin.Host}/library/app:1"], image.Names);
        Assert.StartsWith($"{origin.Host}/library/app@sha256:", Assert.Single(image.Digests));
        Assert.Empty(origin.Requests);
    }

    [Fact]
    public async Task Mirror_OfDockerHub_IsTheDefault()
    {
        await using var mirror = await RegistryFixture.StartAsync();
        await mirror.PushAsync(_image, "library/app:1");
        await UseAsync($"http://{mirror.Host}");

        Assert.Equal(["app:1"], (await Engine.Images.PullAsync("app:1")).Names);
    }

    [Fact]
    public async Task Mirror_WithAPath_HasItBeforeTheRepository()
    {
        await using var mirror = await RegistryFixture.StartAsync();
        await mirror.PushAsync(_image, "hub/copy/library/app:1");
        await UseAsync($"http://{mirror.Host}/hub/copy/");

        Assert.Equal(["app:1"], (await Engine.Images.PullAsync("app:1")).Names);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(500)]
    [InlineData(200)]
    public async Task Mirror_CannotServeIt_TheRegistryDoes(int status)
    {
        await using var origin = await RegistryFixture.StartAsync();
        await origin.PushAsync(_image, "app:1");
        await using var mirror = await FakeRegistry.StartAsync(async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "text/html";
            await context.Response.WriteAsync("<html>");
        });
        await UseAsync($"{origin.Host}=http://{mirror.Host}", "http://127.0.0.1:1");

        var messages = new ConcurrentQueue<string>();
        var log = new CallbackProgress<TransferProgress>(step => messages.Enqueue($"{step.Phase} {step.Message}"));
        var image = await Registries.PullAsync($"{origin.Host}/app:1", s_ada, progress: log);

        Assert.Equal([$"{origin.Host}/app:1"], image.Names);
        Assert.NotEmpty(mirror.Requests);
        Assert.DoesNotContain(mirror.Requests, line => line.Contains("Basic", StringComparison.Ordinal));
        Assert.Contains(messages, line => line.StartsWith($"Retrying The mirror {mirror.Host} is passed over", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Mirror_SpoilsALayer_TheRegistryServesIt()
    {
        await using var origin = await RegistryFixture.StartAsync();
        await origin.PushAsync(_image, "app:1");
        await using var mirror = await RegistryFixture.StartAsync();
        await mirror.PushAsync(_image, "app:1");
        foreach (var blob in Directory.EnumerateFiles(mirror.StorageFolder, "data", SearchOption.AllDirectories))
        {
            var bytes = await File.ReadAllBytesAsync(blob);
            if (bytes[0] == 0x1f)
            {
                bytes[^1] ^= 1;
                await File.WriteAllBytesAsync(blob, bytes);
            }
        }

        await UseAsync($"{origin.Host}=http://{mirror.Host}");

        Assert.Equal([$"{origin.Host}/app:1"], (await Engine.Images.PullAsync($"{origin.Host}/app:1")).Names);
        AssertNothingInTheMaking();
    }

    [Fact]
    public async Task Mirror_AndRegistryLackIt_TheRegistrysAnswerIsTold()
    {
        await using var origin = await RegistryFixture.StartAsync();
        await using var mirror = await RegistryFixture.StartAsync();
        await UseAsync($"{origin.Host}=http://{mirror.Host}");

        var failure = await AssertFailsAsync(EngineErrorKind.NotFound, () => Engine.Images.PullAsync($"{origin.Host}/app:1"));

        Assert.Contains(origin.Host, failure.Message);
    }

    [Fact]
    public async Task Push_GoesToTheRegistryItself()
    {
        await using var origin = await RegistryFixture.StartAsync();
        await using var mirror = await FakeRegistry.StartAsync(Refuse);
        await UseAsync($"{origin.Host}=http://{mirror.Host}");
        var name = $"{origin.Host}/app:1";
        await Engine.LoadAsync(await BusyboxImages.WriteDockerArchiveAsync(Instance.TempPath("in.tar"), name));

        await Registries.PushAsync(name, null);

        Assert.Empty(mirror.Requests);
    }

    private static Task Refuse(HttpContext context)
    {
        context.Response.StatusCode = 404;
        return Task.CompletedTask;
    }

    private async Task UseAsync(params string[] mirrors)
    {
        await Engine.DisposeAsync();
        Engine = Open(
            services => services.AddSingleton(ImageEngine.Impatient),
            options => options with { Registries = new RegistryOptions { Mirrors = [.. mirrors.Select(RegistryMirror.Parse)] } });
    }
}
