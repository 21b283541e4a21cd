using System.Net;
using System.Security.Claims;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Entities;
using Portal.Web.Access;
using Portal.Web.Features.People.Directory;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Identity;

/// <summary>A code of an authenticator app as the second step of signing in.</summary>
public sealed partial class TwoFactorTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private const string Page = "/account/security";
    private static int s_people;

    [Fact]
    public async Task SignIn_PasswordAlone_OpensNothing()
    {
        var (name, _, _) = await EnableAsync();
        using var client = portal.CreateClient();

        using var answer = await client.PostSignInAsync(name, TestPortal.AdminPassword);
        using var dashboard = await client.GetAsync("/");

        Assert.Contains("/sign-in/code?", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, dashboard.StatusCode);
        Assert.DoesNotContain(Cookies(answer), cookie => cookie.StartsWith("portal-session=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SignIn_PasswordAndCode_OpensWhereOneWanted()
    {
        var (name, key, _) = await EnableAsync();
        using var client = portal.CreateClient();
        using var first = await client.PostSignInAsync(name, TestPortal.AdminPassword, "/sign-in?returnUrl=%2Fnodes");

        using var answer = await PostCodeAsync(client, AuthenticatorApp.CodeOf(key, 1), first.Headers.Location!.ToString());
        using var nodes = await client.GetAsync("/nodes");

        Assert.EndsWith("/nodes", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, nodes.StatusCode);
    }

    [Fact]
    public async Task SignIn_CodeUsedBefore_IsRefused()
    {
        var (name, key, _) = await EnableAsync();
        var code = AuthenticatorApp.CodeOf(key, 1);
        using var first = await BeginAsync(name);
        using var good = await PostCodeAsync(first, code);
        using var second = await BeginAsync(name);

        using var again = await PostCodeAsync(second, code);

        Assert.Equal(HttpStatusCode.Redirect, good.StatusCode);
        Assert.Contains("wrong, used or too old", await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.False(await IsSignedInAsync(second));
    }

    [Fact]
    public async Task SignIn_CodeSentTwiceAtOnce_IsGoodOnce()
    {
        var (name, key, _) = await EnableAsync();
        var code = AuthenticatorApp.CodeOf(key, 1);
        using var one = await BeginAsync(name);
        using var other = await BeginAsync(name);

        var answers = await Task.WhenAll(PostCodeAsync(one, code), PostCodeAsync(other, code));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task SignIn_RecoveryCode_IsGoodOnce()
    {
        var (name, _, codes) = await EnableAsync();
        using var first = await BeginAsync(name);
        using var good = await PostCodeAsync(first, codes[3].ToLowerInvariant());
        using var second = await BeginAsync(name);

        using var again = await PostCodeAsync(second, codes[3]);

        Assert.Equal(10, codes.Count);
        Assert.Equal(HttpStatusCode.Redirect, good.StatusCode);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.False(await IsSignedInAsync(second));
    }

    [Theory]
    [InlineData("000000")]
    [InlineData("AAAAA-BBBBB")]
    public async Task SignIn_WrongCodes_LockTheAccount(string code)
    {
        var (name, key, _) = await EnableAsync();
        using var client = await BeginAsync(name);
        for (var attempt = 0; attempt < 5; attempt++)
        {
            using var wrong = await PostCodeAsync(client, code);
        }

        using var right = await PostCodeAsync(client, AuthenticatorApp.CodeOf(key, 1));

        Assert.Contains("locked", await right.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.False(await IsSignedInAsync(client));
    }

    [Fact]
    public async Task SignIn_KeyThatCantBeDecrypted_StillNeedsACode()
    {
        var (name, _, _) = await EnableAsync();
        await using (var scope = portal.Services.CreateAsyncScope())
        {
            var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
            await database.UserTokens.Where(token => database.Users.Any(user => user.Id == token.UserId && user.UserName == name))
                .ExecuteUpdateAsync(change => change.SetProperty(token => token.Value, "CfDJ8damaged"));
        }

        using var client = portal.CreateClient();
        using var answer = await client.PostSignInAsync(name, TestPortal.AdminPassword);

        Assert.Contains("/sign-in/code?", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.False(await IsSignedInAsync(client));
    }

    [Fact]
    public async Task Database_WithTwoFactor_HoldsNeitherKeyNorCodesInTheClear()
    {
        var (name, key, codes) = await EnableAsync();
        await using var scope = portal.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();

        var values = await database.UserTokens
            .Where(token => database.Users.Any(user => user.Id == token.UserId && user.UserName == name))
            .Select(token => token.Value!)
            .ToListAsync();

        Assert.NotEmpty(values);
        Assert.DoesNotContain(values, value =>
            value.Contains(key, StringComparison.Ordinal) || codes.Any(code => value.Contains(code, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task SetUp_WrongPassword_ShowsNoKey()
    {
        var name = await AddPersonAsync();
        using var client = await portal.SignInAsync(name);

        using var answer = await PostAsync(client, "begin", ("Input.Password", "not-the-password"));
        var html = await answer.Content.ReadAsStringAsync();

        Assert.Contains("The current password is wrong.", html, StringComparison.Ordinal);
        Assert.DoesNotContain("p-key", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetUp_WrongCode_ChangesNothing()
    {
        var name = await AddPersonAsync();
        using var client = await portal.SignInAsync(name);
        var offer = await (await PostAsync(client, "begin", ("Input.Password", TestPortal.AdminPassword))).Content.ReadAsStringAsync();

        using var answer = await PostAsync(client, "confirm", ("Input.Ticket", TicketOf(offer)), ("Input.Code", "000000"));
        var html = await answer.Content.ReadAsStringAsync();
        using var signedIn = await portal.SignInAsync(name);

        Assert.Contains("This code is wrong.", html, StringComparison.Ordinal);
        Assert.Equal(KeyOf(offer), KeyOf(html));
        Assert.True(await IsSignedInAsync(signedIn));
    }

    [Fact]
    public async Task SetUp_TicketOfSomebodyElse_IsRefused()
    {
        using var one = await portal.SignInAsync(await AddPersonAsync());
        using var other = await portal.SignInAsync(await AddPersonAsync());
        var offer = await (await PostAsync(one, "begin", ("Input.Password", TestPortal.AdminPassword))).Content.ReadAsStringAsync();

        using var answer = await PostAsync(
            other, "confirm", ("Input.Ticket", TicketOf(offer)), ("Input.Code", AuthenticatorApp.CodeOf(KeyOf(offer))));

        Assert.Contains("Too much time has passed.", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SwitchOff_WithPassword_NeedsNoCodeAnyMore()
    {
        var (name, key, _) = await EnableAsync();
        using var client = await BeginAsync(name);
        using var signedIn = await PostCodeAsync(client, AuthenticatorApp.CodeOf(key, 1));

        using var answer = await PostAsync(
            client, "manage", ("Input.Password", TestPortal.AdminPassword), ("Input.Act", "disable"));
        using var after = await portal.SignInAsync(name);

        Assert.Contains("Two-factor authentication is off.", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True(await IsSignedInAsync(after));
    }

    [Fact]
    public async Task Audit_OfSettingUp_SaysWhoDidWhat()
    {
        var (name, _, _) = await EnableAsync();
        await using var scope = portal.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();

        Assert.True(await database.AuditLog.AnyAsync(entry => entry.Action == "user.two_factor_on" && entry.ActorName == name));
    }

    [Fact]
    public async Task Reset_ByAnAdministrator_LetsThePersonInByPassword()
    {
        var (name, _, _) = await EnableAsync();
        var directory = portal.Services.GetRequiredService<PeopleDirectory>();
        var people = await directory.ListAsync(await PrincipalOfAsync("admin"), default);
        var person = people.Single(person => person.UserName == name);

        var change = await directory.ResetTwoFactorAsync(await PrincipalOfAsync("admin"), person.Id, default);
        using var client = await portal.SignInAsync(name);

        Assert.True(person.HasTwoFactor);
        Assert.Null(change.Error);
        Assert.True(await IsSignedInAsync(client));
    }

    [Fact]
    public async Task ResetByAnAdministrator_PersonWithAPasskey_TakesItAway()
    {
        var name = await AddPersonAsync();
        await using var scope = portal.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();
        var person = (await users.FindByNameAsync(name))!;
        var credential = Guid.NewGuid().ToByteArray();
        var passkey = new UserPasskeyInfo(credential, [1], TimeProvider.System.GetUtcNow(), 0, [], true, false, false, [2], [3]) { Name = "theirs" };
        Assert.True((await users.AddOrUpdatePasskeyAsync(person, passkey)).Succeeded);
        var directory = portal.Services.GetRequiredService<PeopleDirectory>();
        var admin = await PrincipalOfAsync("admin");
        Assert.True((await directory.ListAsync(admin, default)).Single(row => row.UserName == name).HasPasskeys);

        Assert.Null((await directory.ResetTwoFactorAsync(admin, person.Id, default)).Error);

        Assert.False((await directory.ListAsync(admin, default)).Single(row => row.UserName == name).HasPasskeys);
        await using var after = portal.Services.CreateAsyncScope();
        Assert.Null(await after.ServiceProvider.GetRequiredService<UserManager<PortalUser>>().FindByPasskeyIdAsync(credential));
    }

    private async Task<ClaimsPrincipal> PrincipalOfAsync(string name)
    {
        await using var scope = portal.Services.CreateAsyncScope();
        var signIn = scope.ServiceProvider.GetRequiredService<SignInManager<PortalUser>>();
        return await signIn.CreateUserPrincipalAsync((await signIn.UserManager.FindByNameAsync(name))!);
    }

    private async Task<string> AddPersonAsync()
    {
        var name = $"two-factor-{Interlocked.Increment(ref s_people)}";
        await portal.AddPersonAsync(name, BuiltInRoles.Viewer);
        return name;
    }

    private async Task<(string Name, string Key, IReadOnlyList<string> Codes)> EnableAsync()
    {
        var name = await AddPersonAsync();
        using var client = await portal.SignInAsync(name);
        var offer = await (await PostAsync(client, "begin", ("Input.Password", TestPortal.AdminPassword))).Content.ReadAsStringAsync();
        var key = KeyOf(offer);
        using var answer = await PostAsync(client, "confirm", ("Input.Ticket", TicketOf(offer)), ("Input.Code", AuthenticatorApp.CodeOf(key)));
        var html = await answer.Content.ReadAsStringAsync();
        Assert.Contains("Two-factor authentication is on.", html, StringComparison.Ordinal);
        return (name, key, [.. RecoveryCodes().Matches(html).Select(match => match.Groups[1].Value)]);
    }

    private async Task<HttpClient> BeginAsync(string name)
    {
        var client = portal.CreateClient();
        using var answer = await client.PostSignInAsync(name, TestPortal.AdminPassword);
        Assert.Contains("/sign-in/code?", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        return client;
    }

    private static Task<HttpResponseMessage> PostCodeAsync(HttpClient client, string code, string page = "/sign-in/code") =>
        client.PostFormAsync(page, new() { ["Input.Code"] = code });

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string form, params (string Name, string Value)[] fields)
    {
        var all = fields.ToDictionary(field => field.Name, field => field.Value);
        all["_handler"] = form;
        return client.PostFormAsync(Page, all);
    }

    private static async Task<bool> IsSignedInAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/");
        return answer.StatusCode == HttpStatusCode.OK;
    }

    private static IEnumerable<string> Cookies(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [];

    private static string KeyOf(string html) => Keys().Match(html).Groups[1].Value.Replace(" ", "", StringComparison.Ordinal);

    private static string TicketOf(string html) => Tickets().Match(html).Groups[1].Value;

    [GeneratedRegex("<code class=\"p-key\">([A-Z2-7 ]+)</code>")]
    private static partial Regex Keys();

    [GeneratedRegex("name=\"Input.Ticket\" value=\"([^\"]+)\"")]
    private static partial Regex Tickets();

    [GeneratedRegex("<li><code>([0-9A-Z-]+)</code></li>")]
    private static partial Regex RecoveryCodes();
}
