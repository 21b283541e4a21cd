using System.Net;
using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Entities.Access;
using Portal.Web.Access;
using Portal.Web.Features.People.Directory;
using Portal.Web.Features.Permissions.Grants;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features;

public sealed class PeopleDirectoryTests(TestPortal portal) : IClassFixture<TestPortal>
{
    [Fact]
    public async Task CreateAsync_NewPerson_SignsInAndMustChangeThePassword()
    {
        var admin = await AdminAsync();
        var change = await Directory.CreateAsync(admin, "ann", "Ann", new PersonStart(BuiltInRoles.Developer), default);
        using var client = portal.CreateClient();

        using var signedIn = await client.PostSignInAsync("ann", change.Password!);
        using var elsewhere = await client.GetAsync("/containers");
        using var changed = await client.PostFormAsync("/account/password", new()
        {
            ["Input.Current"] = change.Password!,
            ["Input.New"] = "a-password-of-her-own",
            ["Input.Repeated"] = "a-password-of-her-own",
        });
        using var after = await client.GetAsync("/containers");

        Assert.EndsWith("/account/password", signedIn.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("/account/password", elsewhere.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Contains("Your password is changed", await changed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Fact]
    public async Task CreateAsync_OnOneNodeAndInATeam_GivesNoMoreThanThat()
    {
        var admin = await AdminAsync();
        var node = await portal.AddNodeAsync("her-node");
        var team = new Team { Id = Guid.CreateVersion7(), Name = "her-team" };
        await using (var scope = portal.Services.CreateAsyncScope())
        {
            var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
            database.Teams.Add(team);
            await database.SaveChangesAsync();
        }

        var start = new PersonStart(BuiltInRoles.Developer, AccessScope.Node(node), team.Id);
        Assert.Null((await Directory.CreateAsync(admin, "narrow", "", start, default)).Error);
        Assert.Null((await Directory.CreateAsync(admin, "nobody-yet", "", new PersonStart(""), default)).Error);

        var people = await Directory.ListAsync(admin, default);
        var grant = Assert.Single(people.Single(person => person.UserName == "narrow").Grants);
        Assert.Equal(("Developer", "her-node"), (grant.Role, grant.Place));
        Assert.Empty(people.Single(person => person.UserName == "nobody-yet").Grants);
        var gone = new PersonStart(BuiltInRoles.Developer, AccessScope.Node(Guid.NewGuid()));
        Assert.NotNull((await Directory.CreateAsync(admin, "nowhere", "", gone, default)).Error);
        Assert.NotNull((await Directory.CreateAsync(admin, "teamless", "", new PersonStart("", default, Guid.NewGuid()), default)).Error);
        Assert.NotNull((await Directory.CreateAsync(admin, "roleless", "", new PersonStart("no such role"), default)).Error);
    }

    [Fact]
    public async Task CreateAsync_NameInUse_SaysSo()
    {
        var admin = await AdminAsync();
        await Directory.CreateAsync(admin, "twin", "", new PersonStart(BuiltInRoles.Viewer), default);

        var change = await Directory.CreateAsync(admin, "TWIN", "", new PersonStart(BuiltInRoles.Viewer), default);

        Assert.Contains("TWIN", change.Error, StringComparison.Ordinal);
        Assert.Null(change.Password);
    }

    [Fact]
    public async Task SetDisabledAsync_SignedInPerson_EndsTheSession()
    {
        await portal.AddPersonAsync("leaver", BuiltInRoles.Operator);
        using var client = await portal.SignInAsync("leaver");
        var id = await IdOfAsync("leaver");

        var change = await Directory.SetDisabledAsync(await AdminAsync(), id, true, default);
        using var page = await client.GetAsync("/nodes");
        using var again = await portal.CreateClient().PostSignInAsync("leaver", TestPortal.AdminPassword);

        Assert.Null(change.Error);
        Assert.NotEqual(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("This account is disabled", await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RevokeAsync_LastAdministrator_IsRefusedAndOnRecord()
    {
        var admin = await AdminAsync();
        var person = (await Directory.ListAsync(admin, default)).Single(person => person.UserName == "admin");

        var grant = person.Grants.Single(grant => grant.Role == BuiltInRoles.Administrator);
        var change = await Grants.RevokeAsync(admin, GrantSubject.Person(person.Id), grant.Id, default);

        Assert.Contains("no administrator", change.Error, StringComparison.Ordinal);
        Assert.Contains(
            (await Directory.ListAsync(admin, default)).Single(person => person.UserName == "admin").Grants,
            grant => grant.Role == BuiltInRoles.Administrator);
        await using var context = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        Assert.True(await context.AuditLog.AnyAsync(record => record.Action == "access.revoke" && record.Outcome == "failed"));
    }

    [Fact]
    public async Task SetDisabledAsync_Oneself_IsRefused()
    {
        var change = await Directory.SetDisabledAsync(await AdminAsync(), await IdOfAsync("admin"), true, default);

        Assert.NotNull(change.Error);
    }

    [Fact]
    public async Task GrantAsync_OnANode_OpensThatNodeAlone()
    {
        var (mine, other) = (await portal.AddNodeAsync("mine"), await portal.AddNodeAsync("other"));
        var id = await portal.AddPersonAsync("scoped", null);

        var change = await Grants.GrantAsync(
            await AdminAsync(), GrantSubject.Person(id), BuiltInRoles.Viewer, AccessScope.Node(mine), default);
        using var client = await portal.SignInAsync("scoped");
        var list = await client.GetStringAsync("/nodes");
        using var allowed = await client.GetAsync($"/nodes/{mine}");
        using var denied = await client.GetAsync($"/nodes/{other}");

        Assert.Null(change.Error);
        Assert.Contains(mine.ToString(), list, StringComparison.Ordinal);
        Assert.DoesNotContain(other.ToString(), list, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, denied.StatusCode);
    }

    [Fact]
    public async Task ResetPasswordAsync_OldPassword_IsGoodNoMore()
    {
        var id = await portal.AddPersonAsync("forgetful", BuiltInRoles.Viewer);

        var change = await Directory.ResetPasswordAsync(await AdminAsync(), id, default);
        using var old = await portal.CreateClient().PostSignInAsync("forgetful", TestPortal.AdminPassword);
        using var fresh = await portal.CreateClient().PostSignInAsync("forgetful", change.Password!);

        Assert.Equal(HttpStatusCode.OK, old.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, fresh.StatusCode);
    }

    [Fact]
    public async Task CreateAsync_ByAnOperator_IsDenied()
    {
        var id = await portal.AddPersonAsync("climber", BuiltInRoles.Operator);

        await Assert.ThrowsAsync<AccessDeniedException>(() =>
            Directory.CreateAsync(Principal(id), "accomplice", "", new PersonStart(BuiltInRoles.Administrator), default));
    }

    private GrantDirectory Grants => portal.Services.GetRequiredService<GrantDirectory>();

    private PeopleDirectory Directory => portal.Services.GetRequiredService<PeopleDirectory>();

    private async Task<ClaimsPrincipal> AdminAsync() => Principal(await IdOfAsync("admin"));

    private async Task<Guid> IdOfAsync(string userName)
    {
        await using var context = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        return await context.Users.Where(user => user.UserName == userName).Select(user => user.Id).SingleAsync();
    }

    private static ClaimsPrincipal Principal(Guid id) =>
        new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, id.ToString()), new Claim(ClaimTypes.Name, "admin")], "test"));
}
