using System.Net;
using System.Security.Claims;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities;
using Portal.Testing;
using Portal.Web.Access;
using Portal.Web.Identity.Policies;
using Portal.Web.Identity.Sessions;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Identity;

/// <summary>Sign-ins that are listed and ended, also from another portal of the same database.</summary>
public sealed partial class SessionTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private const string Page = "/account/security";
    private static readonly TimeSpan s_soon = TestSettings.Within(TimeSpan.FromSeconds(10));
    private static int s_people;

    [Fact]
    public async Task Page_OfOneSignedInTwice_ListsBothAndEndsTheOther()
    {
        var (name, id) = await AddPersonAsync();
        using var here = await portal.SignInAsync(name);
        using var there = await SignInFromAsync(name, "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0");
        var html = await here.GetStringAsync(Page);

        using var answer = await here.PostFormAsync(Page, new() { ["_handler"] = FormOf(html) });
        using var ended = await there.GetAsync(Page);
        using var kept = await here.GetAsync(Page);

        Assert.Contains("Firefox 128 on Linux", html, StringComparison.Ordinal);
        Assert.Contains("this one", html, StringComparison.Ordinal);
        Assert.Contains("That session is ended.", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, ended.StatusCode);
        Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
        Assert.Single(await Store.ListAsync(id, default));
        Assert.Single(await EntriesAsync("session.end", id));
    }

    [Fact]
    public async Task Page_EndAllOthers_KeepsThisOne()
    {
        var (name, id) = await AddPersonAsync();
        using var here = await portal.SignInAsync(name);
        using var second = await portal.SignInAsync(name);
        using var third = await portal.SignInAsync(name);

        using var answer = await here.PostFormAsync(Page, new() { ["_handler"] = "end-others" });
        using var kept = await here.GetAsync(Page);

        Assert.Contains("2 sessions are ended.", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
        Assert.Single(await Store.ListAsync(id, default));
    }

    [Fact]
    public async Task End_OnAnotherPortal_ClosesPagesAndStandingAccessHere()
    {
        await using var other = portal.Create([]);
        await other.StartAsync(default);
        var (name, id) = await AddPersonAsync();
        var user = await PrincipalAsync(name);
        await using var circuit = portal.Services.CreateAsyncScope();
        var authentication = (ServerAuthenticationStateProvider)circuit.ServiceProvider.GetRequiredService<AuthenticationStateProvider>();
        authentication.SetAuthenticationState(Task.FromResult(new AuthenticationState(user)));
        var changed = new TaskCompletionSource<ClaimsPrincipal>();
        authentication.AuthenticationStateChanged += async state => changed.TrySetResult((await state).User);
        var standing = portal.Services.GetRequiredService<StandingAccess>()
            .WaitForEndAsync(user, PermissionNames.ContainersView, AccessScope.Everything, CancellationToken.None);
        await Task.Delay(100);
        Assert.False(changed.Task.IsCompleted);
        Assert.False(standing.IsCompleted);

        await other.Services.GetRequiredService<PersonSessions>().EndAsync(user, id, user.SessionId()!.Value, default);

        Assert.False((await changed.Task.WaitAsync(s_soon)).Identity?.IsAuthenticated ?? false);
        await standing.WaitAsync(s_soon);
        Assert.False(await portal.Services.GetRequiredService<IAuthorizer>()
            .IsAllowedAsync(user, PermissionNames.ContainersView, AccessScope.Everything, default));
        await other.StopAsync(default);
    }

    [Fact]
    public async Task End_WhileTheListenerWasCutOff_IsNoticedWhenItIsBack()
    {
        var (name, id) = await AddPersonAsync();
        var user = await PrincipalAsync(name);
        var told = new TaskCompletionSource();
        var endings = portal.Services.GetRequiredService<SessionEndings>();
        using var watch = endings.Subscribe(user.SessionId()!.Value, () => told.TrySetResult());
        await using var context = await ContextAsync();

        await Eventually.HoldsAsync(
            async () => (await context.Database.SqlQuery<bool>(
                $"""
                select pg_terminate_backend(pid) as "Value" from pg_stat_activity
                where query like 'listen %' and datname = current_database()
                """).ToListAsync()).Count > 0,
            "the portal listens, and is cut off");

        await told.Task.WaitAsync(s_soon);
        await Store.EndAsync(id, user.SessionId()!.Value, default);
        Assert.False(await Store.IsGoodAsync(user, default));
    }

    [Fact]
    public async Task ChangePassword_EndsTheOthersAndKeepsThisOne()
    {
        var (name, _) = await AddPersonAsync();
        using var here = await portal.SignInAsync(name);
        using var there = await portal.SignInAsync(name);

        using var answer = await here.PostFormAsync("/account/password", new()
        {
            ["Input.Current"] = TestPortal.AdminPassword,
            ["Input.New"] = "quite-another-password",
            ["Input.Repeated"] = "quite-another-password",
        });
        using var kept = await here.GetAsync(Page);
        using var ended = await there.GetAsync(Page);

        Assert.Contains("Your password is changed.", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, ended.StatusCode);
    }

    [Fact]
    public async Task SignOut_RemovesTheSession()
    {
        var (name, id) = await AddPersonAsync();
        using var client = await portal.SignInAsync(name);
        Assert.Single(await Store.ListAsync(id, default));

        using var answer = await client.PostFormAsync("/", [], "/sign-out");

        Assert.Empty(await Store.ListAsync(id, default));
    }

    [Fact]
    public async Task SignOut_CookieThatWasCopiedBefore_IsGoodNoMore()
    {
        var (name, _) = await AddPersonAsync();
        using var client = portal.CreateClient();
        using var signedIn = await client.PostSignInAsync(name, TestPortal.AdminPassword);
        var cookie = signedIn.Headers.GetValues("Set-Cookie")
            .First(value => value.StartsWith("portal-session=", StringComparison.Ordinal)).Split(';')[0];
        using var signedOut = await client.PostFormAsync("/", [], "/sign-out");
        using var thief = portal.CreateClient();
        thief.DefaultRequestHeaders.Add("Cookie", cookie);

        using var answer = await thief.GetAsync(Page);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    [Theory]
    [InlineData(13, 13)]
    [InlineData(0, 8 * 24)]
    public async Task Session_TooOld_LetsNobodyInAndIsSwept(int idleHours, int hours)
    {
        var (name, id) = await AddPersonAsync();
        using var client = await portal.SignInAsync(name);
        await using var context = await ContextAsync();
        await context.Database.ExecuteSqlAsync(
            $"""
            update user_sessions
            set last_seen_at = now() - make_interval(hours => {idleHours}), created_at = now() - make_interval(hours => {hours})
            where user_id = {id}
            """);

        using var answer = await client.GetAsync(Page);
        await Store.EndExpiredAsync(default);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.False(await context.UserSessions.AnyAsync(session => session.UserId == id));
    }

    [Fact]
    public async Task Session_InUse_IsSeen()
    {
        var (name, id) = await AddPersonAsync();
        using var client = await portal.SignInAsync(name);
        await using var context = await ContextAsync();
        await context.Database.ExecuteSqlAsync($"update user_sessions set last_seen_at = now() - interval '1 hour' where user_id = {id}");

        using var answer = await client.GetAsync(Page);

        var session = Assert.Single(await Store.ListAsync(id, default));
        Assert.True(session.LastSeenAt > TimeProvider.System.GetUtcNow().AddMinutes(-30));
    }

    [Fact]
    public async Task End_OfSomebodyElses_NeedsPermissionAndTheRightPerson()
    {
        var (mine, myId) = await AddPersonAsync();
        var (theirs, theirId) = await AddPersonAsync();
        var (me, them) = (await PrincipalAsync(mine), await PrincipalAsync(theirs));
        var sessions = portal.Services.GetRequiredService<PersonSessions>();

        await Assert.ThrowsAsync<AccessDeniedException>(() => sessions.EndAsync(me, theirId, them.SessionId()!.Value, default));
        await Assert.ThrowsAsync<AccessDeniedException>(() => sessions.ListAsync(me, theirId, default));
        await sessions.EndAsync(me, myId, them.SessionId()!.Value, default);
        Assert.True(await Store.IsGoodAsync(them, default));

        await sessions.EndOthersAsync(await PrincipalAsync("admin"), theirId, default);
        Assert.False(await Store.IsGoodAsync(them, default));
        Assert.True(await Store.IsGoodAsync(me, default));
    }

    [Fact]
    public async Task Session_OfAnotherPerson_InTheCookieIsRefused()
    {
        var (mine, _) = await AddPersonAsync();
        var (theirs, _) = await AddPersonAsync();
        var (me, them) = (await PrincipalAsync(mine), await PrincipalAsync(theirs));
        var mixed = With(await PlainPrincipalAsync(mine), them.SessionId()!.Value);

        Assert.True(await Store.IsGoodAsync(me, default));
        Assert.False(await Store.IsGoodAsync(mixed, default));
        Assert.False(await portal.Services.GetRequiredService<IAuthorizer>()
            .IsAllowedAsync(mixed, PermissionNames.ContainersView, AccessScope.Everything, default));
    }

    [Fact]
    public async Task Begin_BeyondTheLimit_EndsTheOldest()
    {
        var (_, id) = await AddPersonAsync();
        var first = await Store.BeginAsync(id, IPAddress.Loopback, "", "password", default);
        for (var i = 0; i < SessionStore.Limit; i++)
        {
            await Store.BeginAsync(id, IPAddress.Loopback, "", "password", default);
        }

        var sessions = await Store.ListAsync(id, default);

        Assert.Equal(SessionStore.Limit, sessions.Count);
        Assert.DoesNotContain(sessions, session => session.Id == first);
    }

    [Fact]
    public async Task Policy_Changed_HoldsForSessionsThatAre()
    {
        var policies = portal.Services.GetRequiredService<SignInPolicies>();
        var (name, _) = await AddPersonAsync();
        var user = await PrincipalAsync(name);
        await using var context = await ContextAsync();
        await context.Database.ExecuteSqlAsync(
            $"update user_sessions set last_seen_at = now() - interval '6 minutes' where id = {user.SessionId()}");
        Assert.True(await Store.IsGoodAsync(user, default));

        await policies.WriteAsync(new SignInPolicy { IdleMinutes = 5 }, default);
        var good = await Store.IsGoodAsync(user, default);
        await policies.WriteAsync(new SignInPolicy(), default);

        Assert.False(good);
        await Assert.ThrowsAsync<ArgumentException>(() => policies.WriteAsync(new SignInPolicy { IdleMinutes = 0 }, default));
    }

    [Theory]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0", "Edge 126 on Windows")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15", "Safari 17 on macOS")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1", "Safari 17 on iPhone")]
    [InlineData("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0.0.0 Mobile Safari/537.36", "Chrome 126 on Android")]
    [InlineData("", "Another program")]
    [InlineData("Chrome/", "Chrome")]
    public void BrowserName_OfAnAgent_IsWhatPeopleCallIt(string agent, string expected) => Assert.Equal(expected, BrowserName.Of(agent));

    [Fact]
    public void BrowserName_OfHostileAgent_IsBoundedAndPrintable()
    {
        var clean = BrowserName.Clean("\u202eevil\0\u001b[31m" + new string('x', 9000));

        Assert.Equal(256, clean.Length);
        Assert.All(clean, sign => Assert.InRange(sign, ' ', '~'));
    }

    private SessionStore Store => portal.Services.GetRequiredService<SessionStore>();

    private Task<PortalDbContext> ContextAsync() =>
        portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();

    private async Task<(string Name, Guid Id)> AddPersonAsync()
    {
        var name = $"session-{Interlocked.Increment(ref s_people)}";
        return (name, await portal.AddPersonAsync(name, BuiltInRoles.Viewer));
    }

    private async Task<HttpClient> SignInFromAsync(string name, string agent)
    {
        var client = portal.CreateClient();
        client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", agent);
        using var answer = await client.PostSignInAsync(name, TestPortal.AdminPassword);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return client;
    }

    private async Task<ClaimsPrincipal> PrincipalAsync(string name)
    {
        var user = await PlainPrincipalAsync(name);
        return With(user, await Store.BeginAsync(user.UserId()!.Value, IPAddress.Loopback, "curl/8", "password", default));
    }

    private async Task<ClaimsPrincipal> PlainPrincipalAsync(string name)
    {
        await using var scope = portal.Services.CreateAsyncScope();
        var signIn = scope.ServiceProvider.GetRequiredService<SignInManager<PortalUser>>();
        return await signIn.CreateUserPrincipalAsync((await signIn.UserManager.FindByNameAsync(name))!);
    }

    private async Task<List<AuditRecord>> EntriesAsync(string action, Guid personId)
    {
        await using var context = await ContextAsync();
        return await context.AuditLog.Where(entry => entry.Action == action && entry.ObjectId == personId.ToString()).ToListAsync();
    }

    private static ClaimsPrincipal With(ClaimsPrincipal user, Guid session)
    {
        user.Identities.First().AddClaim(new Claim(PortalClaims.Session, session.ToString("N")));
        return user;
    }

    private static string FormOf(string html) => EndForms().Match(html).Groups[1].Value;

    [GeneratedRegex("name=\"_handler\" value=\"(end-[0-9a-f]{32})\"")]
    private static partial Regex EndForms();
}
