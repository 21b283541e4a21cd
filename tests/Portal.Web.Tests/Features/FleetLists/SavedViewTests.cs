using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Entities.Access;
using Portal.Web.Access;
using Portal.Web.Features.FleetLists.Views;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.FleetLists;

/// <summary>Whose views are whose, and what one can hold.</summary>
public sealed class SavedViewTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private readonly string _name = $"v{Guid.NewGuid():N}"[..10];

    private ISavedViews Views => portal.Services.GetRequiredService<ISavedViews>();

    [Fact]
    public async Task View_SharedWithATeam_IsSeenByItsMembersAndChangedByItsOwner()
    {
        var (owner, member, stranger) = (await PersonAsync("o"), await PersonAsync("m"), await PersonAsync("s"));
        var team = await TeamAsync(owner, member);
        var id = (await Views.SaveAsync(owner, null, Draft("shared", team), default)).Id!.Value;
        await Views.SaveAsync(owner, null, Draft("private", null), default);

        var seen = Assert.Single(await Views.ListAsync(member, "containers", default));
        Assert.Equal((id, "shared", _name + "o", false, _name), (seen.Id, seen.Name, seen.Owner, seen.IsOwn, seen.Team));
        Assert.Empty(await Views.ListAsync(stranger, null, default));
        Assert.Equal(2, (await Views.ListAsync(owner, null, default)).Count);

        Assert.NotNull((await Views.SaveAsync(member, id, Draft("mine", null), default)).Error);
        Assert.False(await Views.RemoveAsync(member, id, default));
        Assert.False(await Views.SetDefaultAsync(stranger, id, true, default));
        Assert.NotNull((await Views.SaveAsync(stranger, null, Draft("into", team), default)).Error);

        await WithDatabaseAsync(database => database.TeamMembers.Where(row => row.TeamId == team && row.UserId == member.UserId())
            .ExecuteDeleteAsync());
        Assert.Empty(await Views.ListAsync(member, null, default));
    }

    [Fact]
    public async Task Default_OfOnePerson_IsNobodyElsesAndEndsWithTheView()
    {
        var (owner, member) = (await PersonAsync("o"), await PersonAsync("m"));
        var team = await TeamAsync(owner, member);
        var first = (await Views.SaveAsync(owner, null, Draft("first", team), default)).Id!.Value;
        var second = (await Views.SaveAsync(owner, null, Draft("second", team), default)).Id!.Value;

        Assert.True(await Views.SetDefaultAsync(member, first, true, default));
        Assert.True(await Views.SetDefaultAsync(member, second, true, default));
        Assert.Equal(second, Assert.Single(await Views.ListAsync(member, null, default), view => view.IsDefault).Id);
        Assert.DoesNotContain(await Views.ListAsync(owner, null, default), view => view.IsDefault);

        Assert.True(await Views.RemoveAsync(owner, second, default));
        await WithDatabaseAsync(async database => Assert.False(
            await database.UserPreferences.AnyAsync(row => row.Value == second.ToString())));
    }

    [Fact]
    public async Task Save_SameNameAgain_IsRefusedButForAnotherList()
    {
        var owner = await PersonAsync("o");
        Assert.Null((await Views.SaveAsync(owner, null, Draft("twice", null), default)).Error);

        Assert.NotNull((await Views.SaveAsync(owner, null, Draft("twice", null), default)).Error);
        Assert.Null((await Views.SaveAsync(owner, null, Draft("twice", null) with { List = "images" }, default)).Error);
    }

    [Fact]
    public async Task List_WithoutThePermission_ShowsNothingAndTakesNothing()
    {
        var nobody = Person(await portal.AddPersonAsync(_name, null));

        Assert.Empty(await Views.ListAsync(nobody, null, default));
        await Assert.ThrowsAsync<AccessDeniedException>(() => Views.SaveAsync(nobody, null, Draft("x", null), default));
    }

    [Theory]
    [InlineData("?q=web&sort=-created", "q=web&sort=-created")]
    [InlineData("q=a%26b", "q=a%26b")]
    [InlineData("q=1&q=2", "")]
    [InlineData("Q=1&q-x=2&<b>=3&view=picture&all=1", "")]
    [InlineData("q=%0d%0aSet-Cookie: x", "")]
    [InlineData("//evil.example.com", "")]
    [InlineData("", "")]
    public void Clean_WhateverIsSent_IsAQueryOfAList(string query, string expected) => Assert.Equal(expected, ViewQuery.Clean(query));

    private static SavedViewDraft Draft(string name, Guid? team) => new("containers", name, team, "q=web", ["node"]);

    private async Task<ClaimsPrincipal> PersonAsync(string suffix) =>
        Person(await portal.AddPersonAsync(_name + suffix, BuiltInRoles.Viewer));

    private async Task<Guid> TeamAsync(params ClaimsPrincipal[] members)
    {
        var (id, now) = (Guid.CreateVersion7(), TimeProvider.System.GetUtcNow());
        await WithDatabaseAsync(async database =>
        {
            database.Teams.Add(new Team { Id = id, Name = _name, CreatedAt = now });
            database.TeamMembers.AddRange(members.Select(member => new TeamMember { TeamId = id, UserId = member.UserId()!.Value, AddedAt = now }));
            await database.SaveChangesAsync();
        });
        return id;
    }

    private static ClaimsPrincipal Person(Guid id) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.NameIdentifier, id.ToString()), new Claim(ClaimTypes.Name, "name")], "test"));

    private async Task WithDatabaseAsync(Func<PortalDbContext, Task> work)
    {
        await using var context = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        await work(context);
    }
}
