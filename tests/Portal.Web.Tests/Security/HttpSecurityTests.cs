using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Security;

public sealed class HttpSecurityTests(TestPortal portal) : IClassFixture<TestPortal>
{
    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/healthz")]
    [InlineData("/js/portal.js")]
    public async Task Answers_All_CarrySecurityHeaders(string path)
    {
        using var client = portal.CreateClient();

        using var answer = await client.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Matches("script-src 'self' 'sha256-[A-Za-z0-9+/]{43}=';", policy);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("same-origin", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("/", true)]
    [InlineData("/sign-in", false)]
    [InlineData("/account/password", true)]
    public async Task Page_Scripts_AreFilesOfThePortalAndItsGuard(string path, bool isSignedIn)
    {
        using var client = isSignedIn ? await portal.SignInAsync() : portal.CreateClient();

        using var answer = await client.GetAsync(path);

        // Other inline scripts and event attributes would need a weaker policy; addresses elsewhere would leak who uses the portal.
        var html = await answer.Content.ReadAsStringAsync();
        // A block of data is not run, and could only end early.
        var inline = Regex.Matches(html, "<script(?![^>]*\\b(?:src=|type=\"application/json\"))[^>]*>(.*?)</script>", RegexOptions.Singleline);
        var data = Assert.Single(Regex.Matches(html, "<script type=\"application/json\" id=\"portal-texts\">(.*?)</script>", RegexOptions.Singleline));
        Assert.DoesNotContain('<', data.Groups[1].Value);
        var guard = Assert.Single(inline).Groups[1].Value;
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(guard)));
        Assert.Contains($"script-src 'self' 'sha256-{hash}';", answer.Headers.GetValues("Content-Security-Policy").Single(),
            StringComparison.Ordinal);
        Assert.DoesNotMatch("<[^>]+\\son[a-z]+=\"", html);
        Assert.DoesNotMatch("(?:src|href)=\"(?:https?:)?//", html);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    public async Task Host_NotOurs_IsRefused(string host)
    {
        using var client = portal.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sign-in");
        request.Headers.Host = host;

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData(null, HttpStatusCode.SwitchingProtocols)]
    [InlineData("own", HttpStatusCode.SwitchingProtocols)]
    public async Task WebSocket_ByOrigin_IsOpenedForOwnPagesOnly(string? origin, HttpStatusCode expected)
    {
        using var client = await portal.SignInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/_blazor?id=none");
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.ParseAdd("websocket");
        request.Headers.Add("Sec-WebSocket-Version", "13");
        request.Headers.Add("Sec-WebSocket-Key", Convert.ToBase64String(new byte[16]));
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin == "own" ? portal.Address.GetLeftPart(UriPartial.Authority) : origin);
        }

        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        // An unknown connection id is Blazor's own "not found": the origin was accepted.
        var status = answer.StatusCode == HttpStatusCode.NotFound ? HttpStatusCode.SwitchingProtocols : answer.StatusCode;
        Assert.Equal(expected, status);
    }

    [Fact]
    public async Task ForwardedHeaders_FromNobodyTrusted_AreIgnored()
    {
        using var client = portal.CreateClient();
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        client.DefaultRequestHeaders.Add("X-Forwarded-Host", "evil.example");

        using var answer = await client.GetAsync("/nodes");

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(portal.Address.Authority, answer.Headers.Location!.Authority);
        Assert.Equal("http", answer.Headers.Location.Scheme);
    }

    [Fact]
    public async Task ForwardedHeaders_FromATrustedProxy_MakeTheCookieSecure()
    {
        await using var behind = portal.Create(["--proxies", "127.0.0.0/8", "--hosts", "portal.example"]);
        await behind.StartAsync(default);
        using var client = portal.CreateClient(behind.Address);
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        client.DefaultRequestHeaders.Add("X-Forwarded-Host", "portal.example");

        using var answer = await client.GetAsync("/sign-in");

        Assert.Contains(answer.Headers.GetValues("Set-Cookie"), cookie => cookie.Contains("; secure", StringComparison.OrdinalIgnoreCase));
        Assert.True(answer.Headers.Contains("Strict-Transport-Security"));
        await behind.StopAsync(default);
    }

    [Fact]
    public async Task UnknownPath_SignedIn_Answers404WithAPage()
    {
        using var client = await portal.SignInAsync();

        using var answer = await client.GetAsync("/no/such/page");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("There is no such page", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
