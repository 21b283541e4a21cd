using System.Text;
using Microsoft.AspNetCore.Http;
using Portal.Engine.Distribution;
using Portal.Engine.Distribution.Connections;
using Portal.Engine.Distribution.Logins;
using Portal.Engine.Errors;
using Portal.Testing.Images;
using Portal.Testing.Processes;
using Portal.Testing.Registries;

namespace Portal.Engine.Linux.Tests.Images.Registries;

/// <summary>Logins that the host keeps.</summary>
public sealed class StoredLoginTests : ImageTestBase
{
    private const string Password = "s3cret-of-ada";
    private static readonly RegistryCredentials s_ada = new() { Username = "ada", Password = Password };

    private string Folder => Path.Combine(Instance.DataRoot, "registries");

    private RegistryLogins Logins => new(Folder);

    [Fact]
    public async Task Pull_NoCredentialsInTheCall_TheHostsLoginServes()
    {
        var file = Instance.TempPath("htpasswd");
        await File.WriteAllTextAsync(file, await Tool.RunAsync("htpasswd", "-Bbn", "ada", Password));
        await using var registry = await RegistryFixture.StartAsync($"auth:\n  htpasswd: {{ realm: test, path: {file} }}");
        var name = $"{registry.Host}/app:1";
        await Engine.LoadAsync(await BusyboxImages.WriteDockerArchiveAsync(Instance.TempPath("in.tar"), name));
        await AssertFailsAsync(EngineErrorKind.Unauthenticated, () => Engine.Get<IRegistries>().PushAsync(name, null));

        Assert.Equal(registry.Host, await Logins.SaveAsync($"http://{registry.Host}/v2/", s_ada));
        await Engine.Get<IRegistries>().PushAsync(name, null);
        await Engine.Images.RemoveAsync(name);
        await Engine.Images.PullAsync(name);

        var wrong = new RegistryCredentials { Username = "ada", Password = "guess" };
        await AssertFailsAsync(EngineErrorKind.Unauthenticated, () => Engine.Get<IRegistries>().PullAsync(name, wrong));
        Assert.True(await Logins.RemoveAsync(registry.Host));
        Assert.False(await Logins.RemoveAsync(registry.Host));
        await AssertFailsAsync(EngineErrorKind.Unauthenticated, () => Engine.Images.PullAsync(name));
    }

    [Fact]
    public async Task Pull_MirrorThatWantsALogin_GetsTheHostsLoginForItAndNoOther()
    {
        await using var back = await RegistryFixture.StartAsync();
        await back.PushAsync(new TestImageBuilder().AddFile("a", "b"), "library/app:1");
        var basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"ada:{Password}"));
        await using var mirror = await FakeRegistry.StartAsync(async context =>
        {
            if (context.Request.Headers.Authorization != basic)
            {
                context.Response.StatusCode = 401;
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"mirror\"";
                return;
            }

            using var client = new HttpClient();
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{back.Host}{context.Request.Path}");
            request.Headers.TryAddWithoutValidation("Accept", [.. context.Request.Headers.Accept]);
            using var answer = await client.SendAsync(request);
            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            await answer.Content.CopyToAsync(context.Response.Body);
        });
        await Engine.DisposeAsync();
        Engine = Open(change: options => options with
        {
            Registries = new RegistryOptions { Mirrors = [RegistryMirror.Parse($"http://{mirror.Host}")] },
        });
        await Logins.SaveAsync(mirror.Host, s_ada);

        var image = await Engine.Get<IRegistries>()
            .PullAsync("app:1", new RegistryCredentials { Username = "eve", Password = "for the hub" });

        Assert.Equal(["app:1"], image.Names);
        var other = Convert.ToBase64String("eve:for the hub"u8.ToArray());
        Assert.DoesNotContain(mirror.Requests, line => line.Contains(other, StringComparison.Ordinal));
    }

    [Fact]
    public async Task SaveAsync_Files_AreTheirOwnersAloneAndHoldNoPassword()
    {
        await Logins.SaveAsync("docker.io", s_ada);
        await Logins.SaveAsync("host:5000", new RegistryCredentials { Username = "bob", Password = "other" });

        Assert.Equal(["docker.io", "host:5000"], Logins.List());
        foreach (var file in Directory.GetFiles(Folder))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            Assert.DoesNotContain(Password, Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)));
        }

        Assert.Equal(Password, Logins.Find("docker.io")!.Password);
        Assert.Null(Logins.Find("elsewhere:1"));
    }

    [Fact]
    public async Task Find_LoginMovedToAnotherRegistry_IsGoodForNothing()
    {
        await Logins.SaveAsync("host:5000", s_ada);
        var path = Path.Combine(Folder, "logins.json");
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path)).Replace("host:5000", "evil:5000"));

        var failure = Assert.Throws<EngineException>(() => Logins.Find("evil:5000"));

        Assert.Equal(EngineErrorKind.Internal, failure.Kind);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("""{"host:5000":7}""")]
    public async Task Find_DamagedFile_IsToldByName(string content)
    {
        Directory.CreateDirectory(Folder);
        await File.WriteAllTextAsync(Path.Combine(Folder, "logins.json"), content);

        Assert.Contains("logins.json", Assert.Throws<EngineException>(() => Logins.Find("host:5000")).Message);
    }

    [Fact]
    public async Task SaveAsync_ManyAtOnce_LosesNone()
    {
        await Task.WhenAll(Enumerable.Range(1, 20).Select(number => Task.Run(() => new RegistryLogins(Folder).SaveAsync($"host:{number}", s_ada))));

        Assert.Equal(20, Logins.List().Count);
        Assert.All(Logins.List(), host => Assert.Equal(Password, Logins.Find(host)!.Password));
    }

    [Theory]
    [InlineData("no address")]
    [InlineData("a@b.example.com")]
    public async Task SaveAsync_NoAddress_IsRefused(string server)
    {
        await AssertFailsAsync(EngineErrorKind.InvalidArgument, () => Logins.SaveAsync(server, s_ada));
        await AssertFailsAsync(EngineErrorKind.InvalidArgument, () => Logins.SaveAsync("host:5000", new RegistryCredentials()));
    }
}
