using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Web.Access;
using Portal.Web.Features.Environments;
using Portal.Web.Features.People.Directory;
using Portal.Web.Features.Permissions.Grants;
using Portal.Web.Features.Permissions.Roles;
using Portal.Web.Features.Permissions.Teams;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Permissions;

/// <summary>Who may change people, teams, roles or environments gives nobody, themselves included, more than they have.</summary>
public sealed class HandingOutTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private static readonly string[] s_manages =
    [
        PermissionNames.UsersManage, PermissionNames.TeamsManage, PermissionNames.RolesManage, PermissionNames.EnvironmentsManage,
        PermissionNames.NodesView, PermissionNames.ContainersView,
    ];

    [Fact]
    public async Task GrantAsync_MoreThanOneHas_IsRefusedAndOnRecord()
    {
        var (manager, id) = await AddManagerAsync("granter");

        var subject = GrantSubject.Person(id);
        var operatorRole = await Grants.GrantAsync(manager, subject, BuiltInRoles.Operator, AccessScope.Everything, default);
        var administrator = await Grants.GrantAsync(manager, subject, BuiltInRoles.Administrator, AccessScope.Everything, default);

        Assert.Contains("You can't hand out the role 'Operator'", operatorRole.Error, StringComparison.Ordinal);
        Assert.NotNull(administrator.Error);
        Assert.False(await IsAllowedAsync(manager, PermissionNames.ContainersExec));
        await using var database = await DatabaseAsync();
        var refused = database.AuditLog.Where(row => row.ActorId == id && row.Action == "access.grant" && row.Outcome == "failed");
        Assert.Equal(2, await refused.CountAsync());
    }

    [Fact]
    public async Task GrantAsync_WhatOneHas_IsGivenOnceAndTakenBack()
    {
        var (manager, _) = await AddManagerAsync("fair");
        var somebody = await portal.AddPersonAsync("somebody", null);
        var role = await AddRoleAsync(PermissionNames.ContainersView);

        var first = await Grants.GrantAsync(manager, GrantSubject.Person(somebody), role, AccessScope.Everything, default);
        var again = await Grants.GrantAsync(manager, GrantSubject.Person(somebody), role, AccessScope.Everything, default);
        var taken = await Grants.RevokeAsync(manager, GrantSubject.Person(somebody), first.Id!.Value, default);

        Assert.Null(first.Error);
        Assert.Contains("already", again.Error, StringComparison.Ordinal);
        Assert.Null(taken.Error);
        Assert.False(await IsAllowedAsync(Person(somebody), PermissionNames.ContainersView));
    }

    [Fact]
    public async Task RevokeAsync_GrantOfAnother_IsNotFoundUnderThisOne()
    {
        var admin = await AdminAsync();
        var mine = await portal.AddPersonAsync("mine", BuiltInRoles.Viewer);
        var other = await portal.AddPersonAsync("others", BuiltInRoles.Viewer);
        var grant = (await Grants.ListAsync(admin, GrantSubject.Person(other), default)).Single();

        await Grants.RevokeAsync(admin, GrantSubject.Person(mine), grant.Id, default);

        Assert.True(await IsAllowedAsync(Person(other), PermissionNames.NodesView));
    }

    [Fact]
    public async Task UpdateAsync_RoleOfOnesOwn_CantGrow()
    {
        var (manager, id) = await AddManagerAsync("grower");
        await using var database = await DatabaseAsync();
        var roleId = await database.Grants.Where(grant => grant.UserId == id).Select(grant => grant.RoleId!.Value).SingleAsync();

        var change = await Roles.UpdateAsync(
            manager, roleId, new RoleInput("grower", "", [.. s_manages, PermissionNames.ContainersExec]), default);

        Assert.NotNull(change.Error);
        Assert.False(await IsAllowedAsync(manager, PermissionNames.ContainersExec));
    }

    [Fact]
    public async Task AddMemberAsync_TeamThatMayMore_IsRefusedToWhoMayLess()
    {
        var (manager, id) = await AddManagerAsync("joiner");
        var admin = await AdminAsync();
        var team = (await Teams.SaveAsync(admin, null, "on-call", "", default)).Id!.Value;
        var granted = await Grants.GrantAsync(admin, GrantSubject.Team(team), BuiltInRoles.Operator, AccessScope.Everything, default);
        Assert.Null(granted.Error);

        var joined = await Teams.AddMemberAsync(manager, team, id, default);
        var deleted = await Teams.RemoveAsync(manager, team, default);
        var added = await Teams.AddMemberAsync(admin, team, id, default);

        Assert.NotNull(joined.Error);
        Assert.NotNull(deleted.Error);
        Assert.Null(added.Error);
        Assert.True(await IsAllowedAsync(manager, PermissionNames.ContainersExec));
    }

    [Fact]
    public async Task PlaceAsync_IntoAnEnvironmentWhereOneMayMore_IsRefused()
    {
        var (manager, id) = await AddManagerAsync("mover");
        var admin = await AdminAsync();
        var node = await portal.AddNodeAsync("prize");
        var environment = (await Environments.SaveAsync(admin, null, "sandbox", "green", "", default)).Id!.Value;
        var subject = GrantSubject.Person(id);
        Assert.Null((await Grants.GrantAsync(admin, subject, BuiltInRoles.Operator, AccessScope.Environment(environment), default)).Error);

        var refused = await Environments.PlaceAsync(manager, node, environment, default);
        Assert.NotNull(refused.Error);
        Assert.False(await IsAllowedAsync(manager, PermissionNames.ContainersExec, AccessScope.Node(node)));

        Assert.Null((await Environments.PlaceAsync(admin, node, environment, default)).Error);
        Assert.True(await IsAllowedAsync(manager, PermissionNames.ContainersExec, AccessScope.Node(node)));
        Assert.NotNull((await Environments.RemoveAsync(admin, environment, null, default)).Error);
        Assert.Null((await Environments.RemoveAsync(admin, environment, Guid.Empty, default)).Error);
        Assert.False(await IsAllowedAsync(manager, PermissionNames.ContainersExec, AccessScope.Node(node)));
    }

    [Fact]
    public async Task ResetPasswordAsync_OfSomebodyWhoMayMore_IsRefusedEvenWhileTheyAreDisabled()
    {
        var (manager, _) = await AddManagerAsync("resetter");
        var chief = await portal.AddPersonAsync("chief", BuiltInRoles.Administrator);
        Assert.NotNull((await People.ResetPasswordAsync(manager, chief, default)).Error);
        Assert.Null((await People.SetDisabledAsync(await AdminAsync(), chief, true, default)).Error);

        Assert.NotNull((await People.ResetPasswordAsync(manager, chief, default)).Error);
        Assert.NotNull((await People.SetDisabledAsync(manager, chief, false, default)).Error);
        Assert.NotNull((await People.CreateAsync(manager, "puppet", "", new PersonStart(BuiltInRoles.Administrator), default)).Error);
    }

    [Fact]
    public async Task RemoveMemberAsync_LastAdministratorByATeam_IsRefused()
    {
        var admin = await AdminAsync();
        var person = (await People.ListAsync(admin, default)).Single(person => person.UserName == "admin");
        var team = (await Teams.SaveAsync(admin, null, "chiefs", "", default)).Id!.Value;
        Assert.Null((await Teams.AddMemberAsync(admin, team, person.Id, default)).Error);
        var everything = AccessScope.Everything;
        Assert.Null((await Grants.GrantAsync(admin, GrantSubject.Team(team), BuiltInRoles.Administrator, everything, default)).Error);
        var others = (await People.ListAsync(admin, default)).Where(other => other.Id != person.Id && !other.Disabled);
        foreach (var grant in others.SelectMany(other => other.Grants.Where(grant => grant.Role == BuiltInRoles.Administrator)
            .Select(grant => (other.Id, GrantId: grant.Id))))
        {
            Assert.Null((await Grants.RevokeAsync(admin, GrantSubject.Person(grant.Id), grant.GrantId, default)).Error);
        }

        // The team still makes them one, so their own role can go; then the team can't.
        var own = person.Grants.Single(grant => grant.Team is null && grant.Role == BuiltInRoles.Administrator);
        Assert.Null((await Grants.RevokeAsync(admin, GrantSubject.Person(person.Id), own.Id, default)).Error);
        var left = await Teams.RemoveMemberAsync(admin, team, person.Id, default);
        Assert.Contains("no administrator", left.Error, StringComparison.Ordinal);
        Assert.Contains("no administrator", (await Teams.RemoveAsync(admin, team, default)).Error, StringComparison.Ordinal);
        var again = await Grants.GrantAsync(admin, GrantSubject.Person(person.Id), BuiltInRoles.Administrator, everything, default);
        Assert.Null(again.Error);
    }

    private GrantDirectory Grants => portal.Services.GetRequiredService<GrantDirectory>();

    private RoleDirectory Roles => portal.Services.GetRequiredService<RoleDirectory>();

    private TeamDirectory Teams => portal.Services.GetRequiredService<TeamDirectory>();

    private PeopleDirectory People => portal.Services.GetRequiredService<PeopleDirectory>();

    private EnvironmentDirectory Environments => portal.Services.GetRequiredService<EnvironmentDirectory>();

    private async Task<bool> IsAllowedAsync(ClaimsPrincipal user, string permission, AccessScope scope = default) =>
        await portal.Services.GetRequiredService<IAuthorizer>().IsAllowedAsync(user, permission, scope, default);

    // Somebody who manages all there is to manage, and may do nothing else.
    private async Task<(ClaimsPrincipal User, Guid Id)> AddManagerAsync(string name)
    {
        var id = await portal.AddPersonAsync(name, null);
        var role = await AddRoleAsync(s_manages);
        var change = await Grants.GrantAsync(await AdminAsync(), GrantSubject.Person(id), role, AccessScope.Everything, default);
        Assert.Null(change.Error);
        return (Person(id), id);
    }

    private async Task<string> AddRoleAsync(params string[] permissions)
    {
        var change = await Roles.CreateAsync(await AdminAsync(), new RoleInput($"role {Guid.NewGuid():N}"[..30], "", permissions), default);
        Assert.Null(change.Error);
        return change.Id!.Value.ToString();
    }

    private Task<PortalDbContext> DatabaseAsync() =>
        portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();

    private async Task<ClaimsPrincipal> AdminAsync()
    {
        await using var database = await DatabaseAsync();
        return Person(await database.Users.Where(user => user.UserName == "admin").Select(user => user.Id).SingleAsync());
    }

    private static ClaimsPrincipal Person(Guid id) =>
        new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, id.ToString()), new Claim(ClaimTypes.Name, "name")], "test"));
}
