using System.Net;
using Portal.Web.Access;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Languages;

/// <summary>Who is answered in which language, through a whole portal.</summary>
public sealed class LanguageChoiceTests(TestPortal portal) : IClassFixture<TestPortal>
{
    [Theory]
    [InlineData("de", "de", "Anmelden")]
    [InlineData("de-AT,en;q=0.5", "de", "Anmelden")]
    [InlineData("fr,de;q=0.8,en;q=0.9", "en", "Sign in")]
    [InlineData("zh-CN,zh;q=0.9", "zh-Hans", "登录")]
    [InlineData("zh-TW", "en", "Sign in")]
    [InlineData("de;q=0,zh", "zh-Hans", "登录")]
    [InlineData("fr", "en", "Sign in")]
    [InlineData(";;q=zz,\"", "en", "Sign in")]
    public async Task SignInPage_AskedForInALanguage_IsInItOrInEnglish(string asked, string language, string title)
    {
        using var client = portal.CreateClient();

        var html = await GetAsync(client, "/sign-in", asked);

        Assert.Contains($"<html lang=\"{language}\"", html, StringComparison.Ordinal);
        Assert.Contains($"<h1>{title}</h1>", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zh-Hans", "zh-Hans")]
    [InlineData("xx", "de")]
    [InlineData("../de", "de")]
    public async Task SignInPage_ChosenInTheBrowser_ComesBeforeWhatTheBrowserAsksFor(string cookie, string language)
    {
        using var client = portal.CreateClient();
        client.DefaultRequestHeaders.Add("Cookie", $"portal-language={cookie}");

        Assert.Contains($"<html lang=\"{language}\"", await GetAsync(client, "/sign-in", "de"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Profile_LanguageChosen_StaysWithThePersonUntilTakenBack()
    {
        await portal.AddPersonAsync("reader", BuiltInRoles.Viewer);
        using var client = await portal.SignInAsync("reader");

        using var chosen = await client.PostFormAsync("/account/profile", Fields("zh-Hans"));
        var here = await GetAsync(client, "/account/profile", "de");
        using var elsewhere = await portal.SignInAsync("reader");
        var there = await GetAsync(elsewhere, "/account/profile", "de");
        using var back = await elsewhere.PostFormAsync("/account/profile", Fields(""));
        var after = await GetAsync(elsewhere, "/account/profile", "de");

        Assert.Equal(HttpStatusCode.Redirect, chosen.StatusCode);
        Assert.Contains("<html lang=\"zh-Hans\"", here, StringComparison.Ordinal);
        Assert.Contains("您的个人资料", there, StringComparison.Ordinal);
        Assert.Contains("Ihr Profil", after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Profile_LanguageThatIsNone_IsTheBrowsers()
    {
        await portal.AddPersonAsync("odd", BuiltInRoles.Viewer);
        using var client = await portal.SignInAsync("odd");

        using var answer = await client.PostFormAsync("/account/profile", Fields("\r\nxx"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("<html lang=\"en\"", await GetAsync(client, "/account/profile", "fr"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_WithACategoryOfTemplates_MeansTheSameInEveryLanguage()
    {
        await portal.AddPersonAsync("chooser", BuiltInRoles.Administrator);
        using var client = await portal.SignInAsync("chooser");

        var html = await GetAsync(client, "/templates?category=Databases", "de");

        Assert.Contains("Datenbanken", html, StringComparison.Ordinal);
        Assert.Contains("templates/postgres", html, StringComparison.Ordinal);
        Assert.DoesNotContain("templates/wordpress", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongPassword_InGerman_IsSaidInGermanAndWrittenDownInEnglish()
    {
        using var client = portal.CreateClient();
        client.DefaultRequestHeaders.Add("Accept-Language", "de");

        using var answer = await client.PostSignInAsync("nobody", "wrong-password");

        Assert.Contains("Benutzername oder Passwort ist falsch.", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MissingPage_InGerman_SaysSoInGerman()
    {
        using var client = await portal.SignInAsync();

        var html = await GetAsync(client, "/no-such-page", "de");

        Assert.Contains("Diese Seite gibt es nicht", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rest_AskedForInGerman_AnswersProgramsInEnglish()
    {
        using var client = await portal.SignInAsync();
        client.DefaultRequestHeaders.Accept.Clear();

        var german = await GetAsync(client, "/api/v1/roles/no-such-role?x=1", "de-DE");
        var english = await GetAsync(client, "/api/v1/roles/no-such-role?x=1", "en");

        Assert.Equal(english, german);
    }

    private static Dictionary<string, string> Fields(string language) =>
        new() { ["_handler"] = "profile", ["Input.DisplayName"] = "", ["Input.Mail"] = "", ["Input.Language"] = language };

    private static async Task<string> GetAsync(HttpClient client, string path, string language)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept-Language", language);
        using var answer = await client.SendAsync(request);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }
}
