using System.Net;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Identity;

public sealed class SignInTests(TestPortal portal) : IClassFixture<TestPortal>
{
    [Fact]
    public async Task SignIn_RightPassword_OpensTheDashboard()
    {
        using var client = await portal.SignInAsync();

        var html = await client.GetStringAsync("/");

        Assert.Contains("<h1", html, StringComparison.Ordinal);
        Assert.Contains("Dashboard", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("admin", "wrong-password")]
    [InlineData("nobody", "wrong-password")]
    public async Task SignIn_WrongNameOrPassword_SaysTheSameNextToTheForm(string userName, string password)
    {
        using var client = portal.CreateClient();

        using var answer = await client.PostSignInAsync(userName, password);
        var html = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("The user name or the password is wrong.", html, StringComparison.Ordinal);
        Assert.Contains("role=\"alert\"", html, StringComparison.Ordinal);
        Assert.Contains($"value=\"{userName}\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain(password, html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_WithoutAntiforgeryToken_IsRefused()
    {
        using var client = portal.CreateClient();

        using var answer = await client.PostAsync("/sign-in", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["_handler"] = "sign-in",
            ["Input.UserName"] = "admin",
            ["Input.Password"] = TestPortal.AdminPassword,
        }));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.False(answer.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(cookie => cookie.StartsWith("portal-session", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("/nodes", "/nodes")]
    [InlineData("//evil.example", "/")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("/\\evil.example", "/")]
    public async Task SignIn_ReturnUrl_StaysInThePortal(string returnUrl, string expected)
    {
        using var client = portal.CreateClient();

        using var answer = await client.PostSignInAsync(
            "admin", TestPortal.AdminPassword, $"/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}");

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(new Uri(portal.Address, expected), new Uri(portal.Address, answer.Headers.Location!));
    }

    [Fact]
    public async Task SignIn_SessionCookie_IsOutOfReachOfScriptsAndOtherSites()
    {
        using var client = portal.CreateClient();

        using var answer = await client.PostSignInAsync("admin", TestPortal.AdminPassword);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("portal-session=", StringComparison.Ordinal));

        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task SignIn_TooManyFromOneAddress_IsRefusedWith429()
    {
        using var client = portal.CreateClient();
        HttpResponseMessage answer;
        var tries = 0;
        do
        {
            answer = await client.PostSignInAsync($"nobody{tries}", "wrong-password");
            tries++;
        }
        while (answer.StatusCode != HttpStatusCode.TooManyRequests && tries < 30);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal(11, tries);
        Assert.Contains("Too many attempts", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignOut_Posted_EndsTheSession()
    {
        using var client = await portal.SignInAsync();

        using var answer = await client.PostFormAsync("/", [], "/sign-out");
        using var after = await client.GetAsync("/");

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, after.StatusCode);
        Assert.StartsWith("/sign-in", after.Headers.Location!.PathAndQuery, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignOut_WithoutAntiforgeryToken_KeepsTheSession()
    {
        using var client = await portal.SignInAsync();

        using var answer = await client.PostAsync("/sign-out", new FormUrlEncodedContent([]));
        using var after = await client.GetAsync("/");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Fact]
    public async Task Logs_AfterSigningIn_HoldNoPassword()
    {
        using var client = await portal.SignInAsync();
        using var answer = await portal.CreateClient().PostSignInAsync("admin", "not-this-secret-one");

        Assert.DoesNotContain(portal.Logs.Lines, line =>
            line.Contains(TestPortal.AdminPassword, StringComparison.Ordinal) || line.Contains("not-this-secret-one", StringComparison.Ordinal));
    }
}
