using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.Tokens;
using Portal.Web.Access;
using Portal.Web.Identity.Providers;

namespace Portal.Web.Tests.Identity.Providers;

/// <summary>Tokens and answers that must not be believed.</summary>
public sealed class HostileProviderTests(ProviderWorld world) : IClassFixture<ProviderWorld>, IAsyncLifetime
{
    private static readonly ProviderSettings s_open = new() { AllowsNew = true, NewRole = BuiltInRoles.Viewer };
    private Guid _id;

    public async Task InitializeAsync()
    {
        (world.Provider.Tamper, world.Provider.Sign, world.Provider.OtherSubject) = (_ => { }, null, null);
        _id = await world.AddAsync(s_open);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("aud", "another-application")]
    [InlineData("iss", "https://evil.example.com")]
    [InlineData("nonce", "of-another-sign-in")]
    [InlineData("nonce", null)]
    [InlineData("sub", null)]
    [InlineData("azp", "another-application")]
    [InlineData("exp", null)]
    public async Task IdToken_ClaimWrongOrMissing_IsRefused(string claim, string? value)
    {
        world.Provider.Tamper = claims =>
        {
            claims.Remove(claim);
            if (value is not null)
            {
                claims[claim] = value;
            }
        };

        await AssertRefusedAsync("id token");
    }

    [Theory]
    [InlineData("exp", -3600)]
    [InlineData("nbf", 3600)]
    public async Task IdToken_OutOfTime_IsRefused(string claim, int seconds)
    {
        world.Provider.Tamper = claims => claims[claim] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + seconds;

        await AssertRefusedAsync("clocks");
    }

    [Fact]
    public async Task IdToken_ForSeveralApplicationsWithoutOurWish_IsRefused()
    {
        world.Provider.Tamper = claims => claims["aud"] = new[] { TestProvider.ClientId, "another" };

        await AssertRefusedAsync("several applications");
    }

    [Fact]
    public async Task IdToken_SignedByAnotherKeyOfTheSameName_IsRefused()
    {
        using var stranger = RSA.Create(2048);
        world.Provider.Sign = claims => world.Provider.SignWith(
            new RsaSecurityKey(stranger) { KeyId = world.Provider.KeyId }, SecurityAlgorithms.RsaSha256, claims);

        await AssertRefusedAsync("id token");
    }

    [Fact]
    public async Task IdToken_SignedByAnUnknownKey_IsRefused()
    {
        using var stranger = RSA.Create(2048);
        world.Provider.Sign = claims => world.Provider.SignWith(
            new RsaSecurityKey(stranger) { KeyId = "unknown" }, SecurityAlgorithms.RsaSha256, claims);

        await AssertRefusedAsync("id token");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("RS256")]
    public async Task IdToken_WithoutASignature_IsRefused(string algorithm)
    {
        world.Provider.Sign = claims =>
            $"{Encode($$"""{"alg":"{{algorithm}}","typ":"JWT"}""")}.{Encode(JsonSerializer.Serialize(claims))}.";

        await AssertRefusedAsync("id token");
    }

    [Fact]
    public async Task IdToken_SignedWithThePublicKeyAsASecret_IsRefused()
    {
        world.Provider.Sign = claims => world.Provider.SignWith(
            new SymmetricSecurityKey(Encoding.ASCII.GetBytes(world.Provider.PublicKeyPem)) { KeyId = world.Provider.KeyId },
            SecurityAlgorithms.HmacSha256, claims);

        await AssertRefusedAsync("id token");
    }

    [Fact]
    public async Task IdToken_SignedWithTheClientsSecret_IsRefused()
    {
        world.Provider.Sign = claims => world.Provider.SignWith(
            new SymmetricSecurityKey(SHA256.HashData(Encoding.ASCII.GetBytes(TestProvider.ClientSecret))),
            SecurityAlgorithms.HmacSha256,
            claims);

        await AssertRefusedAsync("id token");
    }

    [Fact]
    public async Task IdToken_ChangedAfterItWasSigned_IsRefused()
    {
        world.Provider.Sign = claims =>
        {
            using var key = RSA.Create(2048);
            var parts = world.Provider.SignWith(new RsaSecurityKey(key), SecurityAlgorithms.RsaSha256, claims).Split('.');
            claims["sub"] = "somebody-else";
            return $"{parts[0]}.{Encode(JsonSerializer.Serialize(claims))}.{parts[2]}";
        };

        await AssertRefusedAsync("id token");
    }

    [Fact]
    public async Task UserInfo_OfSomebodyElse_IsRefused()
    {
        world.Provider.OtherSubject = "somebody-else";

        await AssertRefusedAsync("somebody else");
    }

    [Fact]
    public async Task Keys_Changed_AreReadAnew()
    {
        await using var provider = await TestProvider.StartAsync();
        var id = await world.AddAsync(s_open, change: input => input.Authority = provider.Authority);
        using var first = world.Browser();
        using var second = world.Browser();

        await first.GetAsync(provider.Authorize(await ProviderWorld.BeginAsync(first, id), new TestAccount("k-1", "before")));
        provider.RotateKey();
        await second.GetAsync(provider.Authorize(await ProviderWorld.BeginAsync(second, id), new TestAccount("k-2", "after")));

        Assert.NotNull(await ProviderWorld.WhoAsync(first));
        Assert.NotNull(await ProviderWorld.WhoAsync(second));
        Assert.Equal(2, provider.KeyReads);
    }

    [Fact]
    public async Task Answer_UsedTwice_IsRefused()
    {
        using var browser = world.Browser();
        var back = world.Provider.Authorize(await ProviderWorld.BeginAsync(browser, _id), new TestAccount("r-1", "replayed"));
        using var first = await browser.GetAsync(back);

        using var second = await browser.GetAsync(back);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, second.StatusCode);
    }

    [Fact]
    public async Task Answer_InAnotherBrowser_IsRefused()
    {
        using var attacker = world.Browser();
        using var victim = world.Browser();
        var back = world.Provider.Authorize(await ProviderWorld.BeginAsync(attacker, _id), new TestAccount("r-2", "attacker"));
        await ProviderWorld.BeginAsync(victim, _id);

        using var answer = await victim.GetAsync(back);

        Assert.Contains("not begun in this browser", (await ProviderWorld.ReadAsync(answer)).Text, StringComparison.Ordinal);
        Assert.Null(await ProviderWorld.WhoAsync(victim));
    }

    [Fact]
    public async Task Answer_CodeOfAnotherSignIn_IsRefused()
    {
        using var attacker = world.Browser();
        using var victim = world.Browser();
        var stolen = world.Provider.Authorize(await ProviderWorld.BeginAsync(attacker, _id), new TestAccount("r-3", "injected"));
        var own = world.Provider.Authorize(await ProviderWorld.BeginAsync(victim, _id), new TestAccount("r-4", "honest"));
        var mixed = QueryHelpers.AddQueryString(own.Split('?')[0], new Dictionary<string, string?>
        {
            ["code"] = QueryHelpers.ParseQuery(new Uri(stolen).Query)["code"],
            ["state"] = QueryHelpers.ParseQuery(new Uri(own).Query)["state"],
        });

        using var answer = await victim.GetAsync(mixed);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Null(await ProviderWorld.WhoAsync(victim));
    }

    [Fact]
    public async Task Answer_OfOneProviderGivenToAnother_IsRefused()
    {
        var other = await world.AddAsync(s_open);
        using var browser = world.Browser();
        var back = world.Provider.Authorize(await ProviderWorld.BeginAsync(browser, _id), new TestAccount("r-5", "mixed-up"));

        using var answer = await browser.GetAsync(back.Replace(_id.ToString(), other.ToString(), StringComparison.Ordinal));
        using var named = await browser.GetAsync($"{back}&iss=https%3A%2F%2Fevil.example.com");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, named.StatusCode);
        Assert.Null(await ProviderWorld.WhoAsync(browser));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?code=x")]
    [InlineData("?code=x&state=y")]
    [InlineData("?error=access_denied")]
    [InlineData("?error=%3Cscript%3Ealert(1)%3C/script%3E&state=y")]
    public async Task Answer_MadeUp_IsRefusedInPlainWords(string query)
    {
        using var browser = world.Browser();

        using var answer = await browser.GetAsync($"/sign-in/return/{_id}{query}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.DoesNotContain("<script>alert", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_RefusedByTheProvider_SaysSo()
    {
        using var browser = world.Browser();
        var state = QueryHelpers.ParseQuery((await ProviderWorld.BeginAsync(browser, _id)).Query)["state"];

        using var answer = await browser.GetAsync($"/sign-in/return/{_id}?error=access_denied&state={Uri.EscapeDataString(state!)}");

        Assert.Contains("cancelled", (await ProviderWorld.ReadAsync(answer)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//evil.example.com")]
    [InlineData("https://evil.example.com/")]
    [InlineData("/\\evil.example.com")]
    public async Task SignIn_ReturnToAnotherSite_StaysHere(string target)
    {
        using var browser = world.Browser();

        var (goTo, _) = await ProviderWorld.ReadAsync(await world.SignInAsync(
            browser, _id, new TestAccount("r-6", "stays"), $"?returnUrl={Uri.EscapeDataString(target)}"));

        Assert.Equal("/", goTo);
    }

    private async Task AssertRefusedAsync(string reason)
    {
        using var browser = world.Browser();

        using var answer = await world.SignInAsync(browser, _id, new TestAccount("h-1", "hostile"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(reason, (await ProviderWorld.ReadAsync(answer)).Text, StringComparison.Ordinal);
        Assert.Null(await ProviderWorld.WhoAsync(browser));
        Assert.Null(await world.FindAsync("hostile"));
    }

    private static string Encode(string json) => Base64UrlEncoder.Encode(Encoding.UTF8.GetBytes(json));
}
