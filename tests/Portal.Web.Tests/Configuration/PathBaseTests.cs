using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Portal.Web.Components;
using Portal.Web.Components.Layout;
using Portal.Web.Configuration;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Configuration;

/// <summary>A portal that a reverse proxy offers under a prefix.</summary>
public sealed partial class PathBaseTests : IAsyncLifetime
{
    private readonly TestPortal _portal = new() { Flags = ["--PORTAL_PATH_BASE", "/tools/portal/"] };

    public Task InitializeAsync() => _portal.InitializeAsync();

    public Task DisposeAsync() => _portal.DisposeAsync();

    [Fact]
    public async Task Pages_UnderAPrefix_LeadNowhereElse()
    {
        using var client = await SignInAsync();
        var pages = PortalPages.All.SelectMany(group => group.Pages).Select(page => page.Href)
            .Concat(["/account/profile", "/account/security", "/account/password", "/rest-api", "/access", "/nowhere"]);
        foreach (var page in pages)
        {
            using var answer = await client.GetAsync($"/tools/portal{page}");
            var html = await answer.Content.ReadAsStringAsync();
            Assert.Contains("<base href=\"/tools/portal/\"", html, StringComparison.Ordinal);
            var leaving = Links().Matches(html).Select(match => match.Value).Where(link => !link.Contains("\"/tools/portal/", StringComparison.Ordinal));
            Assert.Empty(leaving);
            Assert.Equal(page == "/nowhere" ? HttpStatusCode.NotFound : HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("/tools/portal/nodes")]
    [InlineData("/nodes")]
    public async Task Page_NobodyIsSignedIn_SendsToTheSignInAndBackUnderThePrefix(string page)
    {
        using var client = _portal.CreateClient();
        using var sent = await client.GetAsync(page);
        var signIn = sent.Headers.Location!.PathAndQuery;
        Assert.Equal("/tools/portal/sign-in?returnUrl=%2Ftools%2Fportal%2Fnodes", signIn);

        using var answer = await client.PostSignInAsync("admin", TestPortal.AdminPassword, signIn);
        Assert.Equal("/tools/portal/nodes", PathOf(answer));
        var cookies = answer.Headers.GetValues("Set-Cookie").Where(cookie => cookie.StartsWith("portal-session", StringComparison.Ordinal));
        Assert.All(cookies, cookie => Assert.Contains("path=/tools/portal;", cookie, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task SignOut_UnderAPrefix_EndsAtTheSignIn()
    {
        using var client = await SignInAsync();
        using var answer = await client.PostFormAsync("/tools/portal/", [], "/tools/portal/sign-out");
        Assert.Equal("/tools/portal/sign-in", PathOf(answer));
    }

    [Fact]
    public async Task Files_UnderAPrefix_AreThere()
    {
        using var client = _portal.CreateClient();
        var html = await client.GetStringAsync("/tools/portal/sign-in");
        var files = Files().Matches(html).Select(match => match.Groups[1].Value).ToArray();
        Assert.True(files.Length > 5);
        foreach (var file in files)
        {
            using var answer = await client.GetAsync($"/tools/portal/{file}");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task OpenApi_UnderAPrefix_NamesIt()
    {
        using var client = await SignInAsync();
        using var document = JsonDocument.Parse(await client.GetStringAsync("/tools/portal/api/v1/openapi.json"));
        Assert.Equal("/tools/portal/", document.RootElement.GetProperty("servers")[0].GetProperty("url").GetString());
    }

    [Theory]
    [InlineData("/portal", true)]
    [InlineData("/a/b-c_d.e", true)]
    [InlineData("portal", false)]
    [InlineData("/", false)]
    [InlineData("/..", false)]
    [InlineData("/a//b", false)]
    [InlineData("//evil.example", false)]
    [InlineData("/a b", false)]
    [InlineData("/a\"", false)]
    public void IsValid_Prefix_IsAsExpected(string prefix, bool expected) => Assert.Equal(expected, PathBase.IsValid(prefix));

    [Theory]
    [InlineData("", "/nodes", "/nodes")]
    [InlineData("/p", "/nodes", "/p/nodes")]
    [InlineData("/p", "/p/nodes", "/p/nodes")]
    [InlineData("/p", "/p", "/p")]
    [InlineData("/p", "/", "/p/")]
    [InlineData("/p", "/people", "/p/people")]
    [InlineData("/p", "https://sso.example/", "https://sso.example/")]
    public void Below_Address_HasThePrefixOnce(string prefix, string address, string expected) =>
        Assert.Equal(expected, PortalPath.Below(prefix, address));

    private static string PathOf(HttpResponseMessage answer) =>
        new Uri(new Uri("http://portal"), answer.Headers.Location!).AbsolutePath;

    private async Task<HttpClient> SignInAsync()
    {
        var client = _portal.CreateClient();
        using var answer = await client.PostSignInAsync("admin", TestPortal.AdminPassword, "/tools/portal/sign-in");
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return client;
    }

    [GeneratedRegex("(?:href|src|action)=\"/[^\"]*\"")]
    private static partial Regex Links();

    [GeneratedRegex("(?:href|src)=\"((?:css|js|lib|_content)/[^\"]+)\"")]
    private static partial Regex Files();
}
