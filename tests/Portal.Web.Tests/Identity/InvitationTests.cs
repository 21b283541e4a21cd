using System.Net;
using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Entities;
using Portal.Data.Entities.Access;
using Portal.Web.Access;
using Portal.Web.Identity;
using Portal.Web.Identity.Invitations;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Identity;

public sealed class InvitationTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private const string Password = "a-password-of-her-own";

    private InvitationBook Book => portal.Services.GetRequiredService<InvitationBook>();

    [Fact]
    public async Task Link_Opened_MakesAnAccountWithTheRole()
    {
        var secret = await InviteAsync(BuiltInRoles.Deployer);
        using var client = portal.CreateClient();

        using var answer = await AcceptAsync(client, secret, "invited");
        using var builds = await client.GetAsync("/builds");
        using var people = await client.GetAsync("/people");

        Assert.EndsWith("/account/security", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, builds.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, people.StatusCode);
    }

    [Fact]
    public async Task Link_OpenedTwiceAtOnce_IsGoodOnce()
    {
        var secret = await InviteAsync(BuiltInRoles.Viewer);

        var results = await Task.WhenAll(
            Book.AcceptAsync(secret, new NewAccount("first-come", "", Password), "", default),
            Book.AcceptAsync(secret, new NewAccount("second-come", "", Password), "", default));

        Assert.Single(results, result => result.UserId is not null);
        Assert.Null(await Book.FindAsync(secret, default));
    }

    [Fact]
    public async Task Link_NameTakenOrPasswordBad_StaysGood()
    {
        var secret = await InviteAsync(BuiltInRoles.Viewer);

        var taken = await Book.AcceptAsync(secret, new NewAccount("ADMIN", "", Password), "", default);
        var weak = await Book.AcceptAsync(secret, new NewAccount("weak", "", "short"), "", default);
        var good = await Book.AcceptAsync(secret, new NewAccount("persistent", "", Password), "", default);

        Assert.Contains("ADMIN", taken.Problem, StringComparison.Ordinal);
        Assert.Contains("at least 10", weak.Problem, StringComparison.Ordinal);
        Assert.NotNull(good.UserId);
    }

    [Fact]
    public async Task Link_Revoked_IsNoGood()
    {
        var admin = await AdminAsync();
        var secret = await InviteAsync(BuiltInRoles.Viewer);
        var invitation = await Book.FindAsync(secret, default);

        await Book.RevokeAsync(admin, invitation!.Id, default);
        using var page = await portal.CreateClient().GetAsync($"/invitation/{secret}");

        Assert.Contains("This invitation is no good", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(await Book.ListAsync(admin, default), other => other.Id == invitation.Id);
    }

    [Fact]
    public async Task Link_TooOld_IsNoGood()
    {
        var secret = await InviteAsync(BuiltInRoles.Viewer);
        await using var context = await ContextAsync();
        var hash = LinkSecret.HashOf(secret);
        await context.Database.ExecuteSqlAsync(
            $"update invitations set expires_at = now() - interval '1 second' where token_hash = {hash}");

        Assert.Null(await Book.FindAsync(secret, default));
        Assert.Null((await Book.AcceptAsync(secret, new NewAccount("late", "", Password), "", default)).UserId);
    }

    [Fact]
    public async Task Link_OfOneWhoMayNotInviteAnyMore_IsNoGood()
    {
        var id = await portal.AddPersonAsync("once-admin", BuiltInRoles.Administrator);
        var (secret, _) = await Book.InviteAsync(
            Principal(id), new("accomplice", BuiltInRoles.Administrator, AccessScope.Everything, null, 7), default);
        await using var context = await ContextAsync();
        await context.Grants.Where(grant => grant.UserId == id).ExecuteDeleteAsync();

        Assert.Null(await Book.FindAsync(secret, default));
        Assert.Null((await Book.AcceptAsync(secret, new NewAccount("accomplice", "", Password), "", default)).UserId);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("..%2f..%2fetc%2fpasswd")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task Link_MadeUp_SaysNothing(string secret)
    {
        using var client = portal.CreateClient();

        using var page = await client.GetAsync($"/invitation/{secret}");

        Assert.DoesNotContain("You are invited", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invite_ByAnOperator_IsDenied()
    {
        var id = await portal.AddPersonAsync("inviting-operator", BuiltInRoles.Operator);

        await Assert.ThrowsAsync<AccessDeniedException>(() =>
            Book.InviteAsync(Principal(id), new("friend", BuiltInRoles.Administrator, AccessScope.Everything, null, 7), default));
        await Assert.ThrowsAsync<AccessDeniedException>(() => Book.ListAsync(Principal(id), default));
        await Assert.ThrowsAsync<AccessDeniedException>(() => Book.RevokeAsync(Principal(id), Guid.NewGuid(), default));
    }

    [Theory]
    [InlineData("Nobody", 7, "no role")]
    [InlineData(BuiltInRoles.Viewer, 0, "1 to 90 days")]
    [InlineData(BuiltInRoles.Viewer, 10_000, "1 to 90 days")]
    public async Task Invite_Nonsense_SaysWhatIsWrong(string role, int days, string expected)
    {
        var (secret, problem) = await Book.InviteAsync(await AdminAsync(), new("x", role, AccessScope.Everything, null, days), default);

        Assert.Null(secret);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invite_WithARoleOfOnesOwnAnEnvironmentAndATeam_GivesThem()
    {
        await using var context = await ContextAsync();
        var now = TimeProvider.System.GetUtcNow();
        var role = MakeRole("night shift", "containers.view", now);
        var place = new NodeEnvironment { Id = Guid.CreateVersion7(), Name = "stage", Color = "blue", CreatedAt = now };
        var team = new Team { Id = Guid.CreateVersion7(), Name = "invited team", CreatedAt = now };
        context.AddRange(role, place, team);
        await context.SaveChangesAsync();
        var terms = new InvitationTerms("nora", role.Id.ToString(), AccessScope.Environment(place.Id), team.Id, 7);
        var (secret, problem) = await Book.InviteAsync(await AdminAsync(), terms, default);

        var page = WebUtility.HtmlDecode(await portal.CreateClient().GetStringAsync($"/invitation/{secret}"));
        var listed = (await Book.ListAsync(await AdminAsync(), default)).Single(entry => entry.Note == "nora");
        var (userId, _) = await Book.AcceptAsync(secret, new NewAccount("nora", "", Password), "", default);
        var grant = await context.Grants.AsNoTracking().SingleAsync(grant => grant.UserId == userId);

        Assert.Null(problem);
        Assert.Contains("night shift on stage, in the team invited team", page, StringComparison.Ordinal);
        Assert.Equal("night shift on stage, in the team invited team", listed.Gives);
        Assert.Equal((role.Id.ToString(), role.Id, place.Id), (grant.Role, grant.RoleId, grant.EnvironmentId));
        Assert.True(await context.TeamMembers.AnyAsync(member => member.TeamId == team.Id && member.UserId == userId));
    }

    [Fact]
    public async Task Invite_IntoATeamThatMayMore_IsRefused()
    {
        await using var context = await ContextAsync();
        var now = TimeProvider.System.GetUtcNow();
        var role = MakeRole("inviter", "users.invite", now);
        var team = new Team { Id = Guid.CreateVersion7(), Name = "mighty team", CreatedAt = now };
        var id = await portal.AddPersonAsync("small-inviter", null);
        context.AddRange(
            role, team,
            new Grant { Id = Guid.CreateVersion7(), UserId = id, Role = role.Id.ToString(), RoleId = role.Id, CreatedAt = now },
            new Grant { Id = Guid.CreateVersion7(), TeamId = team.Id, Role = BuiltInRoles.Administrator, CreatedAt = now });
        await context.SaveChangesAsync();

        var byTeam = await Book.InviteAsync(Principal(id), new("x", "", AccessScope.Everything, team.Id, 7), default);
        var byRole = await Book.InviteAsync(Principal(id), new("x", BuiltInRoles.Viewer, AccessScope.Everything, null, 7), default);
        var byNothing = await Book.InviteAsync(Principal(id), new("x", "", AccessScope.Everything, null, 7), default);

        Assert.Contains("can't hand out", byTeam.Problem, StringComparison.Ordinal);
        Assert.Contains("can't hand out", byRole.Problem, StringComparison.Ordinal);
        Assert.Contains("a role or a team", byNothing.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Link_OfOneWhoCouldNotGiveItAnyMore_IsNoGood()
    {
        await using var context = await ContextAsync();
        var id = await portal.AddPersonAsync("demoted", BuiltInRoles.Administrator);
        var (secret, _) = await Book.InviteAsync(
            Principal(id), new("y", BuiltInRoles.Administrator, AccessScope.Everything, null, 7), default);
        var now = TimeProvider.System.GetUtcNow();
        var role = MakeRole("only people", "users.manage", now);
        context.AddRange(
            role, new Grant { Id = Guid.CreateVersion7(), UserId = id, Role = role.Id.ToString(), RoleId = role.Id, CreatedAt = now });
        await context.SaveChangesAsync();
        await context.Grants.Where(grant => grant.UserId == id && grant.RoleId == null).ExecuteDeleteAsync();

        Assert.Null(await Book.FindAsync(secret, default));
    }

    [Fact]
    public async Task Passkey_Challenge_IsForGoodInvitationsAndFreeNamesAlone()
    {
        var secret = await InviteAsync(BuiltInRoles.Viewer);
        using var client = portal.CreateClient();
        Task<HttpResponseMessage> AskAsync(string given, string name) => client.PostFormAsync(
            $"/invitation/{secret}", new() { ["Input.Secret"] = given, ["Input.UserName"] = name }, "/invitation/passkey");

        using var good = await AskAsync(secret, "passkeyed");
        using var madeUp = await AskAsync(LinkSecret.Make(), "passkeyed");
        using var taken = await AskAsync(secret, "Admin");
        using var forged = await client.PostAsync(
            "/invitation/passkey", new FormUrlEncodedContent([new("Input.Secret", secret), new("Input.UserName", "passkeyed")]));
        using var bad = await client.PostFormAsync(
            $"/invitation/{secret}",
            new() { ["_handler"] = "invited-passkey", ["Input.UserName"] = "passkeyed", ["Input.Credential"] = "{}" });

        Assert.Contains("challenge", await good.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.All([madeUp, taken, forged], answer => Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode));
        Assert.Contains("not accepted", await bad.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotNull(await Book.FindAsync(secret, default));
    }

    [Fact]
    public async Task Database_WithInvitation_HoldsNoSecret()
    {
        var secret = await InviteAsync(BuiltInRoles.Viewer);
        await using var context = await ContextAsync();

        Assert.False(await context.AuditLog.AnyAsync(entry => entry.Detail.Contains(secret) || entry.ObjectName.Contains(secret)));
        Assert.DoesNotContain(portal.Logs.Lines, line => line.Contains(secret, StringComparison.Ordinal));
    }

    private static CustomRole MakeRole(string name, string permission, DateTimeOffset now) =>
        new() { Id = Guid.CreateVersion7(), Name = name, Permissions = [permission], CreatedAt = now, UpdatedAt = now };

    private async Task<string> InviteAsync(string role)
    {
        var (secret, problem) = await Book.InviteAsync(await AdminAsync(), new("somebody", role, AccessScope.Everything, null, 7), default);
        Assert.Null(problem);
        return secret!;
    }

    private static Task<HttpResponseMessage> AcceptAsync(HttpClient client, string secret, string name) =>
        client.PostFormAsync($"/invitation/{secret}", new()
        {
            ["Input.UserName"] = name,
            ["Input.Password"] = Password,
            ["Input.Repeated"] = Password,
        });

    private async Task<ClaimsPrincipal> AdminAsync()
    {
        await using var context = await ContextAsync();
        return Principal(await context.Users.Where(user => user.UserName == "admin").Select(user => user.Id).SingleAsync());
    }

    private Task<PortalDbContext> ContextAsync() =>
        portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();

    private static ClaimsPrincipal Principal(Guid id) =>
        new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, id.ToString()), new Claim(ClaimTypes.Name, "admin")], "test"));
}
