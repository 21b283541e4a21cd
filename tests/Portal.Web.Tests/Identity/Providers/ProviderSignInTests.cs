using System.Net;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Portal.Web.Access;
using Portal.Web.Identity.Providers;

namespace Portal.Web.Tests.Identity.Providers;

public sealed class ProviderSignInTests(ProviderWorld world) : IClassFixture<ProviderWorld>
{
    private static readonly ProviderSettings s_open = new() { AllowsNew = true, NewRole = BuiltInRoles.Viewer };

    [Fact]
    public async Task SignIn_FirstTime_MakesAnAccountAndComesBackToIt()
    {
        var id = await world.AddAsync(s_open);
        var account = new TestAccount("s-1", "ann") { Name = "Ann Example", Mail = "ann@example.com" };
        using var browser = world.Browser();
        using var again = world.Browser();

        var first = await ProviderWorld.ReadAsync(await world.SignInAsync(browser, id, account, "?returnUrl=/containers"));
        await world.SignInAsync(again, id, account with { UserName = "renamed" });
        var ann = await world.FindAsync("ann");

        Assert.Equal("/containers", first.GoTo);
        Assert.Contains("ann", await ProviderWorld.WhoAsync(browser), StringComparison.Ordinal);
        Assert.Contains("ann", await ProviderWorld.WhoAsync(again), StringComparison.Ordinal);
        Assert.Equal(("Ann Example", "ann@example.com", true), (ann!.DisplayName, ann.Email, ann.EmailConfirmed));
        Assert.Null(ann.PasswordHash);
        Assert.Null(await world.FindAsync("renamed"));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/nodes")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/people")).StatusCode);
    }

    [Fact]
    public async Task SignIn_NoNewPeople_SaysWhatHelps()
    {
        var id = await world.AddAsync();
        using var browser = world.Browser();

        using var answer = await world.SignInAsync(browser, id, new TestAccount("s-2", "stranger"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("Ask for an invitation", (await ProviderWorld.ReadAsync(answer)).Text, StringComparison.Ordinal);
        Assert.Null(await ProviderWorld.WhoAsync(browser));
    }

    [Fact]
    public async Task SignIn_NameAndMailOfSomebodyHere_IsSomebodyElse()
    {
        var id = await world.AddAsync(s_open);
        var (victim, _) = (await world.Portal.AddPersonAsync("victim", BuiltInRoles.Operator), 0);
        await using var database = await world.DatabaseAsync();
        await database.Users.Where(user => user.Id == victim).ExecuteUpdateAsync(change => change
            .SetProperty(user => user.Email, "victim@example.com").SetProperty(user => user.EmailConfirmed, true));
        using var browser = world.Browser();

        await world.SignInAsync(browser, id, new TestAccount("s-3", "victim") { Mail = "victim@example.com" });

        Assert.Contains("victim-2", await ProviderWorld.WhoAsync(browser), StringComparison.Ordinal);
        Assert.Empty(await database.UserLogins.Where(login => login.UserId == victim).ToListAsync());
    }

    [Fact]
    public async Task SignIn_SameSubjectOfAnotherProvider_IsSomebodyElse()
    {
        var (one, other) = (await world.AddAsync(s_open), await world.AddAsync(s_open));
        using var first = world.Browser();
        using var second = world.Browser();

        await world.SignInAsync(first, one, new TestAccount("same", "one"));
        await world.SignInAsync(second, other, new TestAccount("same", "other"));

        Assert.Contains("\"one\"", await ProviderWorld.WhoAsync(first), StringComparison.Ordinal);
        Assert.Contains("\"other\"", await ProviderWorld.WhoAsync(second), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ann@example.com", true, true)]
    [InlineData("ann@EXAMPLE.com", true, true)]
    [InlineData("ann@example.com", false, false)]
    [InlineData("ann@evil.com", true, false)]
    [InlineData("ann@example.com@evil.com", true, false)]
    [InlineData("ann@notexample.com", true, false)]
    [InlineData("", true, false)]
    public async Task SignIn_DomainsLimited_LetsInVerifiedAddressesAlone(string mail, bool verified, bool expected)
    {
        var id = await world.AddAsync(s_open with { Domains = ["example.com"] });
        using var browser = world.Browser();

        using var answer = await world.SignInAsync(
            browser, id, new TestAccount(Guid.NewGuid().ToString(), "domain") { Mail = mail, MailVerified = verified });

        Assert.Equal(expected, (await ProviderWorld.ReadAsync(answer)).GoTo is not null);
        Assert.Equal(expected, await ProviderWorld.WhoAsync(browser) is not null);
    }

    [Fact]
    public async Task SignIn_MailNotVerified_IsNotKept()
    {
        var id = await world.AddAsync(s_open);
        using var browser = world.Browser();

        await world.SignInAsync(browser, id, new TestAccount("s-4", "unverified") { Mail = "boss@example.com", MailVerified = false });

        Assert.Null((await world.FindAsync("unverified"))!.Email);
    }

    [Fact]
    public async Task SignIn_LeftTheGroup_IsRefusedFromThenOn()
    {
        var id = await world.AddAsync(s_open with { Groups = ["staff"] });
        var account = new TestAccount("s-5", "leaver") { Groups = ["staff"] };
        using var browser = world.Browser();
        using var later = world.Browser();

        await world.SignInAsync(browser, id, account);
        using var refused = await world.SignInAsync(later, id, account with { Groups = ["staffing"] });

        Assert.NotNull(await ProviderWorld.WhoAsync(browser));
        Assert.Null(await ProviderWorld.WhoAsync(later));
        Assert.Contains("no group", (await ProviderWorld.ReadAsync(refused)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_GroupsMapped_FollowsThemAndLeavesTheOthers()
    {
        var (platform, web, own) = (await world.AddTeamAsync("platform"), await world.AddTeamAsync("web"), await world.AddTeamAsync("own"));
        var id = await world.AddAsync(s_open with { NewTeam = own, Teams = [new("/platform", platform), new("/web", web)] });
        var account = new TestAccount("s-6", "grouped") { Groups = ["/platform", "/unknown"] };

        await world.SignInAsync(world.Browser(), id, account);
        var first = await world.TeamsOfAsync("grouped");
        await world.SignInAsync(world.Browser(), id, account with { Groups = ["/web"] });
        var second = await world.TeamsOfAsync("grouped");
        await world.SignInAsync(world.Browser(), id, account with { Groups = [] });
        var third = await world.TeamsOfAsync("grouped");

        Assert.Equivalent(new[] { platform, own }, first.Select(member => member.TeamId), strict: true);
        Assert.Equivalent(new[] { web, own }, second.Select(member => member.TeamId), strict: true);
        Assert.Equal([own], third.Select(member => member.TeamId));
    }

    [Fact]
    public async Task SignIn_DisabledHere_IsRefused()
    {
        var id = await world.AddAsync(s_open);
        var account = new TestAccount("s-7", "disabled-one");
        await world.SignInAsync(world.Browser(), id, account);
        await using var database = await world.DatabaseAsync();
        await database.Users.Where(user => user.UserName == "disabled-one")
            .ExecuteUpdateAsync(change => change.SetProperty(user => user.DisabledAt, TimeProvider.System.GetUtcNow()));
        using var browser = world.Browser();

        using var answer = await world.SignInAsync(browser, id, account);

        Assert.Contains("disabled", (await ProviderWorld.ReadAsync(answer)).Text, StringComparison.Ordinal);
        Assert.Null(await ProviderWorld.WhoAsync(browser));
    }

    [Fact]
    public async Task SignIn_TwoFactorOnHere_AsksForTheCode()
    {
        var id = await world.AddAsync(s_open);
        var account = new TestAccount("s-8", "careful");
        await world.SignInAsync(world.Browser(), id, account);
        await using var database = await world.DatabaseAsync();
        await database.Users.Where(user => user.UserName == "careful")
            .ExecuteUpdateAsync(change => change.SetProperty(user => user.TwoFactorEnabled, true));
        using var browser = world.Browser();

        var (goTo, _) = await ProviderWorld.ReadAsync(await world.SignInAsync(browser, id, account));

        Assert.StartsWith("/sign-in/code", goTo, StringComparison.Ordinal);
        Assert.Null(await ProviderWorld.WhoAsync(browser));
    }

    [Fact]
    public async Task SignIn_GitHub_TakesNumberVerifiedMailOrganisationsAndTeams()
    {
        var team = await world.AddTeamAsync("octo team");
        var id = await world.AddAsync(
            s_open with { Groups = ["acme"], Teams = [new("acme/platform", team)] }, ProviderKind.GitHub);
        var account = new TestAccount("4711", "octocat") { Mail = "octo@example.com", Groups = ["acme", "acme/platform"] };
        using var browser = world.Browser();
        using var stranger = world.Browser();

        await world.SignInAsync(browser, id, account);
        await world.SignInAsync(stranger, id, account with { Subject = "4712", Groups = ["other"] });

        Assert.Contains("octocat", await ProviderWorld.WhoAsync(browser), StringComparison.Ordinal);
        Assert.Equal("octo@example.com", (await world.FindAsync("octocat"))!.Email);
        Assert.Equal([team], (await world.TeamsOfAsync("octocat")).Select(member => member.TeamId));
        Assert.Null(await ProviderWorld.WhoAsync(stranger));
    }

    [Fact]
    public async Task Begin_AsksForACodeWithPkceStateNonceAndTheExactReturnAddress()
    {
        var id = await world.AddAsync();
        using var browser = world.Browser();

        var query = QueryHelpers.ParseQuery((await ProviderWorld.BeginAsync(browser, id)).Query);

        Assert.Equal(new Uri(world.Second.Address, $"/sign-in/return/{id}").ToString(), query["redirect_uri"]);
        Assert.All(["state", "nonce", "code_challenge"], name => Assert.NotEmpty(query[name].ToString()));
        Assert.Equal("openid profile email", query["scope"]);
    }

    [Fact]
    public async Task Begin_OffersChangedOnAnotherPortal_HoldAtOnce()
    {
        var id = await world.AddAsync();
        using var first = world.Portal.CreateClient();

        var offered = await first.GetStringAsync("/sign-in");
        var input = await world.Directory.FindAsync(await world.AdminAsync(), id, default);
        input!.Enabled = false;
        await world.Directory.SaveAsync(await world.AdminAsync(), input, default);
        var after = await first.GetStringAsync("/sign-in");
        using var closed = await first.GetAsync($"/sign-in/with/{id}");

        Assert.Contains($"\"sign-in/with/{id}", offered, StringComparison.Ordinal);
        Assert.DoesNotContain($"sign-in/with/{id}", after, StringComparison.Ordinal);
        Assert.Contains("no such way", await closed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Begin_AddressInsideThatMayNotBeCalled_SaysWhichSettingHelps()
    {
        var id = await world.AddAsync();
        using var browser = world.Portal.CreateClient();

        var page = await browser.GetStringAsync($"/sign-in/with/{id}");

        Assert.Contains("PORTAL_OUTGOING_INSIDE", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Begin_BehindAProxyThatIsNamed_ReturnsToThePublicAddress()
    {
        var id = await world.AddAsync();
        await using var behind = world.Portal.Create(
            ["--PORTAL_OUTGOING_INSIDE", "127.0.0.0/8", "--PORTAL_PROXIES", "127.0.0.0/8", "--PORTAL_HOSTS", "portal.example.com"]);
        await behind.StartAsync(default);
        using var browser = world.Portal.CreateClient(behind.Address);
        browser.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        browser.DefaultRequestHeaders.Add("X-Forwarded-Host", "portal.example.com");

        using var answer = await browser.GetAsync($"/sign-in/with/{id}");
        var query = QueryHelpers.ParseQuery(answer.Headers.Location!.Query);
        await behind.StopAsync(default);

        Assert.Equal($"https://portal.example.com/sign-in/return/{id}", query["redirect_uri"]);
        Assert.Contains(answer.Headers.GetValues("Set-Cookie"), cookie =>
            cookie.StartsWith("portal-sign-in-", StringComparison.Ordinal) && cookie.Contains("secure", StringComparison.OrdinalIgnoreCase)
            && cookie.Contains("httponly", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task SignIn_GroupOfTheLastAdministratorGone_LeavesThemOne()
    {
        var team = await world.AddTeamAsync("last administrators");
        var id = await world.AddAsync(s_open with { NewRole = "", Teams = [new("admins", team)] });
        var account = new TestAccount("s-9", "last-one") { Groups = ["admins"] };
        await world.SignInAsync(world.Browser(), id, account);
        await using var database = await world.DatabaseAsync();
        var now = TimeProvider.System.GetUtcNow();
        database.Grants.Add(new() { Id = Guid.CreateVersion7(), TeamId = team, Role = BuiltInRoles.Administrator, CreatedAt = now });
        await database.SaveChangesAsync();
        var own = database.Grants.Where(grant => grant.UserId != null && grant.Role == BuiltInRoles.Administrator);
        await own.ExecuteUpdateAsync(change => change.SetProperty(grant => grant.Role, "nothing"));

        await world.SignInAsync(world.Browser(), id, account with { Groups = [] });
        var kept = await world.TeamsOfAsync("last-one");
        await database.Grants.Where(grant => grant.Role == "nothing")
            .ExecuteUpdateAsync(change => change.SetProperty(grant => grant.Role, BuiltInRoles.Administrator));
        await world.SignInAsync(world.Browser(), id, account with { Groups = [] });

        Assert.Single(kept);
        Assert.Empty(await world.TeamsOfAsync("last-one"));
    }
}
