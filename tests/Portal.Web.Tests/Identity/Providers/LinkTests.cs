using Microsoft.EntityFrameworkCore;
using Portal.Web.Access;
using Portal.Web.Identity.Providers;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Identity.Providers;

public sealed class LinkTests(ProviderWorld world) : IClassFixture<ProviderWorld>
{
    [Fact]
    public async Task Link_BySomebodySignedIn_LetsThemInByItUntilTheyRemoveIt()
    {
        var team = await world.AddTeamAsync("linked team");
        var id = await world.AddAsync(new ProviderSettings { Teams = [new("staff", team)] });
        await world.Portal.AddPersonAsync("linker", BuiltInRoles.Viewer);
        var account = new TestAccount("l-1", "elsewhere") { Groups = ["staff"] };
        using var browser = await SignInAsync("linker");
        using var other = world.Browser();
        using var later = world.Browser();

        var (goTo, _) = await ProviderWorld.ReadAsync(await BeginAsync(browser, id, TestPortal.AdminPassword));
        var (linked, _) = await ProviderWorld.ReadAsync(await browser.GetAsync(world.Provider.Authorize(new Uri(goTo!), account)));
        await world.SignInAsync(other, id, account);
        var during = await world.TeamsOfAsync("linker");
        using var removed = await browser.PostFormAsync("/account/profile", new() { ["_handler"] = $"unlink-{id:N}" });
        await world.SignInAsync(later, id, account);

        Assert.Equal("/account/profile", linked);
        Assert.Contains("linker", await ProviderWorld.WhoAsync(other), StringComparison.Ordinal);
        Assert.Equal([team], during.Select(member => member.TeamId));
        Assert.Contains("is removed", await removed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Null(await ProviderWorld.WhoAsync(later));
        Assert.Empty(await world.TeamsOfAsync("linker"));
    }

    [Fact]
    public async Task Link_WrongPassword_GoesNowhere()
    {
        var id = await world.AddAsync();
        await world.Portal.AddPersonAsync("careless", BuiltInRoles.Viewer);
        using var browser = await SignInAsync("careless");

        var (goTo, text) = await ProviderWorld.ReadAsync(await BeginAsync(browser, id, "not-the-password"));

        Assert.Null(goTo);
        Assert.Contains("password", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Link_FinishedAsSomebodyElse_LinksNobody()
    {
        var id = await world.AddAsync();
        await world.Portal.AddPersonAsync("began", BuiltInRoles.Viewer);
        await world.Portal.AddPersonAsync("finished", BuiltInRoles.Viewer);
        using var browser = await SignInAsync("began");
        var (goTo, _) = await ProviderWorld.ReadAsync(await BeginAsync(browser, id, TestPortal.AdminPassword));
        var back = world.Provider.Authorize(new Uri(goTo!), new TestAccount("l-2", "attacker"));
        using var signedOut = await browser.PostFormAsync("/account/profile", [], "/sign-out");
        using var signedIn = await browser.PostSignInAsync("finished", TestPortal.AdminPassword);

        var (_, text) = await ProviderWorld.ReadAsync(await browser.GetAsync(back));

        Assert.Contains("not signed in any more as who began", text, StringComparison.Ordinal);
        await using var database = await world.DatabaseAsync();
        Assert.False(await database.UserLogins.AnyAsync(login => login.LoginProvider == id.ToString("N")));
    }

    [Fact]
    public async Task Link_OfSomebodyElseAlready_IsRefused()
    {
        var id = await world.AddAsync(new ProviderSettings { AllowsNew = true });
        var account = new TestAccount("l-3", "first-owner");
        await world.SignInAsync(world.Browser(), id, account);
        await world.Portal.AddPersonAsync("second-owner", BuiltInRoles.Viewer);
        using var browser = await SignInAsync("second-owner");
        var (goTo, _) = await ProviderWorld.ReadAsync(await BeginAsync(browser, id, TestPortal.AdminPassword));

        var (_, text) = await ProviderWorld.ReadAsync(await browser.GetAsync(world.Provider.Authorize(new Uri(goTo!), account)));

        Assert.Contains("belongs to somebody else", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unlink_TheOnlyWayIn_IsRefused()
    {
        var id = await world.AddAsync(new ProviderSettings { AllowsNew = true, NewRole = BuiltInRoles.Viewer });
        using var browser = world.Browser();
        await world.SignInAsync(browser, id, new TestAccount("l-4", "only-way"));

        using var answer = await browser.PostFormAsync("/account/profile", new() { ["_handler"] = $"unlink-{id:N}" });

        Assert.Contains("only way to sign in", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Password_OfWhoHasNone_IsSetShortlyAfterTheSignInAlone()
    {
        var id = await world.AddAsync(new ProviderSettings { AllowsNew = true, NewRole = BuiltInRoles.Viewer });
        var account = new TestAccount("l-5", "passwordless");
        using var browser = world.Browser();
        using var later = world.Browser();
        await world.SignInAsync(later, id, account);
        await using var database = await world.DatabaseAsync();
        var longAgo = TimeProvider.System.GetUtcNow().AddMinutes(-11);
        var person = (await world.FindAsync("passwordless"))!.Id;
        await database.UserSessions.Where(session => session.UserId == person)
            .ExecuteUpdateAsync(change => change.SetProperty(session => session.CreatedAt, longAgo));
        await world.SignInAsync(browser, id, account);
        Dictionary<string, string> fields = new() { ["Input.New"] = "a-password-of-my-own", ["Input.Repeated"] = "a-password-of-my-own" };

        using var refused = await later.PostFormAsync("/account/password", fields);
        using var done = await browser.PostFormAsync("/account/password", fields);
        using var again = world.Browser();
        using var signedIn = await again.PostSignInAsync("passwordless", "a-password-of-my-own");

        Assert.Contains("within ten minutes", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("is changed", await done.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(System.Net.HttpStatusCode.Redirect, signedIn.StatusCode);
    }

    [Fact]
    public async Task Profile_Saved_IsShownAndItsMailNotTakenForVerified()
    {
        await world.Portal.AddPersonAsync("profiled", BuiltInRoles.Viewer);
        using var browser = await SignInAsync("profiled");
        Dictionary<string, string> Fields(string mail) =>
            new() { ["_handler"] = "profile", ["Input.DisplayName"] = "Pro Filed", ["Input.Mail"] = mail };

        using var bad = await browser.PostFormAsync("/account/profile", Fields("no address"));
        using var good = await browser.PostFormAsync("/account/profile", Fields("pro@example.com"));
        var person = await world.FindAsync("profiled");

        Assert.Contains("no mail address", await bad.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("Saved.", await good.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(("Pro Filed", "pro@example.com", false), (person!.DisplayName, person.Email, person.EmailConfirmed));
    }

    private static Task<HttpResponseMessage> BeginAsync(HttpClient browser, Guid id, string password) =>
        browser.PostFormAsync("/account/profile", new()
        {
            ["_handler"] = "link",
            ["Input.Password"] = password,
            ["Input.Provider"] = id.ToString(),
        });

    private async Task<HttpClient> SignInAsync(string userName)
    {
        var browser = world.Browser();
        using var answer = await browser.PostSignInAsync(userName, TestPortal.AdminPassword);
        return browser;
    }
}
