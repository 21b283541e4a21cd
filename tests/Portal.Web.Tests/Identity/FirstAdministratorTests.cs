using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Data;
using Portal.Testing.Databases;
using Portal.Web.Identity;
using Portal.Web.Identity.Setup;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Identity;

public sealed class FirstAdministratorTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-web-test-").FullName;
    private IReadOnlyCollection<string> _lines = [];
    private string _connectionString = "";

    public async Task InitializeAsync() => _connectionString = await (await PostgresCluster.SharedAsync).CreateDatabaseAsync();

    public async Task DisposeAsync()
    {
        await (await PostgresCluster.SharedAsync).DropDatabaseAsync(_connectionString);
                Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task FirstStart_NoPasswordGiven_MakesOneUpForItsOwnerAlone()
    {
        await using var application = await StartAsync("--PORTAL_SETUP", "password");
        var path = Path.Combine(_folder, "run", FirstAdministrator.PasswordFile);
        var password = (await File.ReadAllTextAsync(path)).Trim();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.True(password.Length >= 16);
        Assert.DoesNotContain(_lines, line => line.Contains(password, StringComparison.Ordinal));
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = application.Address };
        using var answer = await client.PostSignInAsync(FirstAdministrator.Name, password);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        await application.StopAsync(default);
    }

    [Fact]
    public async Task Setup_WithTheToken_MakesTheAdministratorOnce()
    {
        await using var application = await StartAsync();
        var path = Path.Combine(_folder, "run", SetupToken.FileName);
        var mode = File.GetUnixFileMode(path);
        var token = (await File.ReadAllTextAsync(path)).Trim();
        using var client = ClientOf(application);
        using var late = ClientOf(application);
        var latePage = await late.GetStringAsync("/setup");

        using var redirected = await client.GetAsync("/sign-in");
        using var answer = await PostSetupAsync(client, token, "root");
        using var people = await client.GetAsync("/people");
        using var again = await late.GetAsync("/setup");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);
        Assert.DoesNotContain(_lines, line => line.Contains(token, StringComparison.Ordinal));
        Assert.Contains(_lines, line => line.Contains(path, StringComparison.Ordinal));
        Assert.EndsWith("/setup", redirected.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, people.StatusCode);
        Assert.Contains("Set up this portal", latePage, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, again.StatusCode);
        Assert.False(File.Exists(path));
        await application.StopAsync(default);
    }

    [Theory]
    [InlineData("")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("' or 1=1 --")]
    public async Task Setup_WrongToken_MakesNobody(string token)
    {
        await using var application = await StartAsync();
        using var client = ClientOf(application);

        using var answer = await PostSetupAsync(client, token, "stranger");
        using var still = await client.GetAsync("/setup");

        Assert.Contains("This is not the token.", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
        await application.StopAsync(default);
    }

    [Fact]
    public async Task Setup_TwiceAtOnce_MakesOneAdministrator()
    {
        await using var application = await StartAsync();
        var token = (await File.ReadAllTextAsync(Path.Combine(_folder, "run", SetupToken.FileName))).Trim();
        using var one = ClientOf(application);
        using var other = ClientOf(application);

        var answers = await Task.WhenAll(PostSetupAsync(one, token, "one"), PostSetupAsync(other, token, "other"));

        await using var scope = application.Services.CreateAsyncScope();
        Assert.Equal(1, await scope.ServiceProvider.GetRequiredService<PortalDbContext>().Users.CountAsync());
        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.Redirect);
        await application.StopAsync(default);
    }

    [Fact]
    public async Task SecondStart_NobodySetUpYet_KeepsTheToken()
    {
        var path = Path.Combine(_folder, "run", SetupToken.FileName);
        await using (var first = await StartAsync())
        {
            await first.StopAsync(default);
        }

        var token = await File.ReadAllTextAsync(path);
        await using var second = await StartAsync();

        Assert.Equal(token, await File.ReadAllTextAsync(path));
        await second.StopAsync(default);
    }

    [Fact]
    public async Task SecondStart_AdministratorExists_MakesNone()
    {
        await using (var first = await StartAsync("--PORTAL_ADMIN_PASSWORD", "the-first-password"))
        {
            await first.StopAsync(default);
        }

        await using var second = await StartAsync("--PORTAL_ADMIN_PASSWORD", "another-password");

        Assert.False(File.Exists(Path.Combine(_folder, "run", FirstAdministrator.PasswordFile)));
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = second.Address };
        using var answer = await client.PostSignInAsync(FirstAdministrator.Name, "another-password");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await second.StopAsync(default);
    }

    [Fact]
    public async Task FirstStart_PasswordTooShort_SaysSoAndMakesNothing()
    {
        var failure = await Assert.ThrowsAsync<StartException>(() => StartAsync("--PORTAL_ADMIN_PASSWORD", "short"));

        Assert.Contains("PORTAL_ADMIN_PASSWORD", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("short'", failure.Message, StringComparison.Ordinal);
        await using var next = await StartAsync("--PORTAL_ADMIN_PASSWORD", "long-enough-now");
        await next.StopAsync(default);
    }

    [Fact]
    public async Task FirstStart_TwoPortalsAtOnce_MakeOneAdministratorAndShareCookies()
    {
        var both = await Task.WhenAll(
            StartAsync("--PORTAL_ADMIN_PASSWORD", "the-first-password"), StartAsync("--PORTAL_ADMIN_PASSWORD", "the-first-password"));
        var cookies = new CookieContainer();
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = cookies });
        client.BaseAddress = both[0].Address;
        using var answer = await client.PostSignInAsync(FirstAdministrator.Name, "the-first-password");

        // Cookies know no ports: the same browser goes to the second portal with the session that the first one gave.
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(both[1].Address, "/people"));
        request.Headers.Accept.ParseAdd("text/html");
        using var other = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        foreach (var application in both)
        {
            await application.StopAsync(default);
            await application.DisposeAsync();
        }
    }

    private static HttpClient ClientOf(PortalApplication application)
    {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = application.Address };
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        return client;
    }

    private static Task<HttpResponseMessage> PostSetupAsync(HttpClient client, string token, string name) =>
        client.PostFormAsync("/setup", new()
        {
            ["Input.Token"] = token,
            ["Input.UserName"] = name,
            ["Input.Password"] = "a-password-of-ones-own",
            ["Input.Repeated"] = "a-password-of-ones-own",
        });

    private async Task<PortalApplication> StartAsync(params string[] flags)
    {
        string[] own =
        [
            "--http", "127.0.0.1:0", "--db", _connectionString, "--data", Path.Combine(_folder, "data"), "--run", Path.Combine(_folder, "run"), .. flags,
        ];
        var logs = new LogRecorder();
        _lines = logs.Lines;
        var application = PortalApplication.Create(own, builder => builder.Logging.ClearProviders().AddProvider(logs));
        try
        {
            await application.StartAsync(default);
            return application;
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }
}
