using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Distribution;
using Portal.Engine.Distribution.Logins;
using Portal.Engine.Errors;
using Portal.Testing.Images;
using Portal.Testing.Processes;
using Portal.Testing.Registries;

namespace Portal.Engine.Linux.Tests.Images;

public sealed class LoginTests : ImageTestBase
{
    private static readonly RegistryCredentials s_ada = new() { Username = "ada", Password = "s3cret" };
    private static readonly RegistryCredentials s_wrong = new() { Username = "ada", Password = "guess" };
    private static readonly string s_basic = "Basic " + Convert.ToBase64String("ada:s3cret"u8.ToArray());

    private IRegistries Registries => Engine.Get<IRegistries>();

    [Fact]
    public async Task Basic_RightAndWrongPassword_DecideOverLoginPushAndPull()
    {
        await using var registry = await StartPrivateAsync();
        var name = $"{registry.Host}/private/box:1";
        await Engine.LoadAsync(await BusyboxImages.WriteDockerArchiveAsync(Instance.TempPath("in.tar"), name));

        Assert.Null(await Registries.LoginAsync($"http://{registry.Host}/v1/", s_ada));
        var failure = await AssertFailsAsync(EngineErrorKind.Unauthenticated, () => Registries.LoginAsync(registry.Host, s_wrong));
        Assert.DoesNotContain("guess", failure.ToString());
        await AssertFailsAsync(EngineErrorKind.Unauthenticated, () => Registries.PushAsync(name, null));
        await AssertFailsAsync(EngineErrorKind.Unauthenticated, () => Registries.PushAsync(name, s_wrong));
        await Registries.PushAsync(name, s_ada);
        await Engine.Images.RemoveAsync(name);
        await AssertFailsAsync(EngineErrorKind.Unauthenticated, () => Engine.Images.PullAsync(name));
        await AssertFailsAsync(EngineErrorKind.Unauthenticated, () => Registries.PullAsync(name, s_wrong));
        Assert.NotEmpty((await Registries.PullAsync(name, s_ada)).Id);
    }

    [Fact]
    public async Task Bearer_PushAndPull_AskForRightsWithThePassword()
    {
        await using var tokens = await StartTokenServerAsync();
        await using var back = await RegistryFixture.StartAsync();
        await using var front = await StartBearerAsync(back, tokens.Host);
        var name = $"{front.Host}/app:1";
        await Engine.LoadAsync(await BusyboxImages.WriteDockerArchiveAsync(Instance.TempPath("in.tar"), name));

        await Registries.PushAsync(name, s_ada);
        await Engine.Images.RemoveAsync(name);
        await Registries.PullAsync(name, s_ada);

        Assert.Contains(tokens.Requests, line => line.Contains(s_basic, StringComparison.Ordinal));
        Assert.DoesNotContain(front.Requests, line => line.Contains("Basic", StringComparison.Ordinal));
        await AssertFailsAsync(EngineErrorKind.Unauthenticated, () => Registries.PullAsync(name, s_wrong));
        await AssertFailsAsync(EngineErrorKind.Unauthenticated, () => Registries.PullAsync(name, null));
    }

    [Fact]
    public async Task Bearer_Login_GivesAnIdentityTokenThatPulls()
    {
        await using var tokens = await StartTokenServerAsync();
        await using var back = await RegistryFixture.StartAsync();
        await back.PushAsync(new TestImageBuilder().AddFile("a", "b"), "app:1");
        await using var front = await StartBearerAsync(back, tokens.Host);

        var identity = await Registries.LoginAsync(front.Host, s_ada);
        await AssertFailsAsync(EngineErrorKind.Unauthenticated, () => Registries.LoginAsync(front.Host, s_wrong));
        await Registries.PullAsync($"{front.Host}/app:1", new RegistryCredentials { Username = "<token>", IdentityToken = identity! });

        Assert.Equal("refresh-me", identity);
        Assert.Contains(tokens.Requests, line => line.StartsWith("POST /token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Redirect_ToAnotherHost_GetsNoCredentials()
    {
        await using var back = await RegistryFixture.StartAsync();
        await back.PushAsync(new TestImageBuilder().AddFile("a", "b"), "app:1");
        await using var storage = await FakeRegistry.StartAsync(context => ForwardAsync(context, back.Host));
        await using var front = await FakeRegistry.StartAsync(context =>
        {
            if (context.Request.Headers.Authorization != s_basic)
            {
                context.Response.StatusCode = 401;
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"here\"";
                return Task.CompletedTask;
            }

            if (!context.Request.Path.Value!.Contains("/blobs/", StringComparison.Ordinal))
            {
                return ForwardAsync(context, back.Host);
            }

            context.Response.Redirect($"http://{storage.Host}{context.Request.Path}");
            return Task.CompletedTask;
        });

        await Registries.PullAsync($"{front.Host}/app:1", s_ada);

        Assert.NotEmpty(storage.Requests);
        Assert.DoesNotContain(storage.Requests, line => line.Contains("Basic", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("host:5000@evil")]
    [InlineData("nodots")]
    public async Task LoginAsync_NoAddress_IsRefused(string server)
    {
        await AssertFailsAsync(EngineErrorKind.InvalidArgument, () => Registries.LoginAsync(server, s_ada));
    }

    [Fact]
    public void ToString_Credentials_HoldsNoSecret()
    {
        Assert.Equal("user 'ada'", s_ada.ToString());
    }

    private async Task<RegistryFixture> StartPrivateAsync()
    {
        var file = Instance.TempPath("htpasswd");
        await File.WriteAllTextAsync(file, await Tool.RunAsync("htpasswd", "-Bbn", "ada", "s3cret"));
        return await RegistryFixture.StartAsync($"auth:\n  htpasswd: {{ realm: test, path: {file} }}");
    }

    private static Task<FakeRegistry> StartTokenServerAsync() => FakeRegistry.StartAsync(async context =>
    {
        var request = context.Request;
        var isKnown = request.Headers.Authorization == s_basic;
        var scopes = request.Query["scope"].ToString();
        if (request.Method == "POST")
        {
            var form = await request.ReadFormAsync();
            isKnown = form["grant_type"] == "refresh_token" && form["refresh_token"] == "refresh-me";
            scopes = form["scope"].ToString();
        }

        context.Response.StatusCode = isKnown ? 200 : 401;
        if (isKnown)
        {
            var rights = scopes.Contains("push", StringComparison.Ordinal) ? "push" : "pull";
            var refresh = request.Query["offline_token"] == "true" ? ",\"refresh_token\":\"refresh-me\"" : "";
            await context.Response.WriteAsync($"{{\"token\":\"may-{rights}\"{refresh}}}");
        }
    });

    /// <summary>A registry that wants tokens, in front of one that does not.</summary>
    private static Task<FakeRegistry> StartBearerAsync(RegistryFixture back, string tokens) => FakeRegistry.StartAsync(async context =>
    {
        var isRead = context.Request.Method is "GET" or "HEAD";
        var token = context.Request.Headers.Authorization.ToString();
        if (token == "Bearer may-push" || (isRead && token == "Bearer may-pull"))
        {
            await ForwardAsync(context, back.Host);
            return;
        }

        var scope = isRead ? "pull" : "pull,push";
        context.Response.StatusCode = 401;
        context.Response.Headers.WWWAuthenticate =
            $"Bearer realm=\"http://{tokens}/token\",service=\"test\",scope=\"repository:app:{scope}\"";
    });

    private static async Task ForwardAsync(HttpContext context, string host)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(
            new HttpMethod(context.Request.Method), $"http://{host}{context.Request.Path}{context.Request.QueryString}");
        foreach (var accept in context.Request.Headers.Accept)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        request.Content = new ByteArrayContent(body.ToArray());
        request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var name in new[] { "Location", "Range", "Docker-Content-Digest" })
        {
            if (answer.Headers.TryGetValues(name, out var values))
            {
                context.Response.Headers[name] = values.First().Replace($"http://{host}", "", StringComparison.Ordinal);
            }
        }

        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        if (context.Request.Method != "HEAD")
        {
            await answer.Content.CopyToAsync(context.Response.Body);
        }
    }
}
