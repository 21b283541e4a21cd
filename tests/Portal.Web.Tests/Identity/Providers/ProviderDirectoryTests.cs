using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Permissions;
using Portal.Data.Entities;
using Portal.Data.Entities.Access;
using Portal.Web.Access;
using Portal.Web.Features.Settings.Providers;
using Portal.Web.Identity.Invitations;
using Portal.Web.Identity.Policies;
using Portal.Web.Identity.Providers;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Identity.Providers;

public sealed class ProviderDirectoryTests(ProviderWorld world) : IClassFixture<ProviderWorld>
{
    [Fact]
    public async Task Save_Secret_IsEncryptedNeverShownAndBoundToItsAddress()
    {
        var id = await world.AddAsync();
        var admin = await world.AdminAsync();
        await using var database = await world.DatabaseAsync();

        var row = await database.SignInProviders.AsNoTracking().SingleAsync(row => row.Id == id);
        var input = await world.Directory.FindAsync(admin, id, default);
        input!.Authority = "https://evil.example.com";
        var moved = await world.Directory.SaveAsync(admin, input, default);

        Assert.DoesNotContain(TestProvider.ClientSecret, row.Secret, StringComparison.Ordinal);
        Assert.Equal("", input.Secret);
        Assert.Contains("secret anew", moved.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(world.Portal.Logs.Lines, line => line.Contains(TestProvider.ClientSecret, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http://sso.example.com", "https://")]
    [InlineData("https://sso.example.com/?x=1", "https://")]
    [InlineData("https://user:pass@sso.example.com", "https://")]
    [InlineData("javascript:alert(1)", "https://")]
    public async Task Save_AddressNotSafe_IsRefused(string authority, string expected)
    {
        var input = new ProviderInput { Id = Guid.CreateVersion7() };
        input.Become(ProviderKind.Oidc);
        (input.Authority, input.ClientId) = (authority, "x");

        var saved = await world.Directory.SaveAsync(await world.AdminAsync(), input, default);

        Assert.Contains(expected, saved.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ProviderKind.GitHub)]
    [InlineData(ProviderKind.Google)]
    [InlineData(ProviderKind.GitLab)]
    public async Task Save_NewPeopleFromAllTheWorld_IsRefused(ProviderKind kind)
    {
        var input = new ProviderInput { Id = Guid.CreateVersion7() };
        input.Become(kind);
        input.ClientId = "x";
        input.Settings = input.Settings with { AllowsNew = true };

        var saved = await world.Directory.SaveAsync(await world.AdminAsync(), input, default);

        Assert.Contains("Anybody in the world", saved.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Save_GivesMoreThanOneHas_IsRefused()
    {
        await using var database = await world.DatabaseAsync();
        var now = TimeProvider.System.GetUtcNow();
        var role = new CustomRole
        {
            Id = Guid.CreateVersion7(),
            Name = "keeper",
            Permissions = [PermissionNames.SignInManage],
            CreatedAt = now,
            UpdatedAt = now,
        };
        var keeper = await world.Portal.AddPersonAsync("keeper", null);
        var team = await world.AddTeamAsync("admins");
        database.CustomRoles.Add(role);
        database.Grants.Add(new Grant
        {
            Id = Guid.CreateVersion7(),
            UserId = keeper,
            Role = role.Id.ToString(),
            RoleId = role.Id,
            CreatedAt = now,
        });
        database.Grants.Add(new Grant { Id = Guid.CreateVersion7(), TeamId = team, Role = BuiltInRoles.Administrator, CreatedAt = now });
        await database.SaveChangesAsync();
        var user = ProviderWorld.Principal(keeper);

        var byRole = await world.Directory.SaveAsync(user, Input(new() { AllowsNew = true, NewRole = BuiltInRoles.Viewer }), default);
        var byTeam = await world.Directory.SaveAsync(user, Input(new() { AllowsNew = true, NewTeam = team }), default);
        var byGroup = await world.Directory.SaveAsync(user, Input(new() { Teams = [new("x", team)] }), default);
        var harmless = await world.Directory.SaveAsync(user, Input(new()), default);

        Assert.All([byRole, byTeam, byGroup], saved => Assert.Contains("can't hand out", saved.Error, StringComparison.Ordinal));
        Assert.Null(harmless.Error);
    }

    [Fact]
    public async Task Directory_ByAnOperator_IsDenied()
    {
        var user = ProviderWorld.Principal(await world.Portal.AddPersonAsync("provider-operator", BuiltInRoles.Operator));

        await Assert.ThrowsAsync<AccessDeniedException>(() => world.Directory.ListAsync(user, default));
        await Assert.ThrowsAsync<AccessDeniedException>(() => world.Directory.FindAsync(user, Guid.NewGuid(), default));
        await Assert.ThrowsAsync<AccessDeniedException>(() => world.Directory.ListChoicesAsync(user, default));
        await Assert.ThrowsAsync<AccessDeniedException>(() => world.Directory.DraftAsync(user, Input(new()), default));
        await Assert.ThrowsAsync<AccessDeniedException>(() => world.Directory.SaveAsync(user, Input(new()), default));
        await Assert.ThrowsAsync<AccessDeniedException>(() => world.Directory.RemoveAsync(user, Guid.NewGuid(), default));
    }

    [Fact]
    public async Task Remove_WithLinksAndTeams_TakesThemAlong()
    {
        var team = await world.AddTeamAsync("of the removed");
        var id = await world.AddAsync(new ProviderSettings { AllowsNew = true, Teams = [new("g", team)] });
        await world.SignInAsync(world.Browser(), id, new TestAccount("d-1", "orphan") { Groups = ["g"] });
        var before = await world.TeamsOfAsync("orphan");

        await world.Directory.RemoveAsync(await world.AdminAsync(), id, default);

        Assert.Single(before);
        Assert.Empty(await world.TeamsOfAsync("orphan"));
        await using var database = await world.DatabaseAsync();
        Assert.False(await database.UserLogins.AnyAsync(login => login.LoginProvider == id.ToString("N")));
    }

    [Theory]
    [InlineData(ProviderKind.Oidc, TestProvider.ClientSecret, true, "knows the client")]
    [InlineData(ProviderKind.Oidc, "wrong", false, "client id and secret")]
    [InlineData(ProviderKind.GitHub, TestProvider.ClientSecret, true, "knows the client")]
    [InlineData(ProviderKind.GitHub, "wrong", false, "client id and secret")]
    public async Task Check_TellsWhetherTheSecretIsRight(ProviderKind kind, string secret, bool good, string expected)
    {
        var input = Input(new());
        (input.Kind, input.Authority, input.ClientId, input.Secret) = (kind, world.Provider.Authority, TestProvider.ClientId, secret);

        var found = await CheckAsync(input);

        Assert.Equal(good, found.Good);
        Assert.Contains(expected, found.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_AddressThatCallsItselfOtherwise_IsRefused()
    {
        var input = Input(new());
        input.Authority = world.Provider.Authority.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

        Assert.Contains("calls itself", (await CheckAsync(input)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invitation_TakenUpByAProvider_MakesTheAccountOnce()
    {
        var id = await world.AddAsync();
        var book = world.Second.Services.GetRequiredService<InvitationBook>();
        var (secret, _) = await book.InviteAsync(
            await world.AdminAsync(), new("guest", BuiltInRoles.Developer, AccessScope.Everything, null, 7), default);
        using var browser = world.Browser();
        using var again = world.Browser();

        var page = await browser.GetStringAsync($"/invitation/{secret}");
        await world.SignInAsync(browser, id, new TestAccount("i-1", "guest"), $"?invitation={secret}");
        await world.SignInAsync(again, id, new TestAccount("i-2", "gatecrasher"), $"?invitation={secret}");

        Assert.Contains($"\"sign-in/with/{id}?invitation={secret}", page, StringComparison.Ordinal);
        Assert.Contains("Developer", await ProviderWorld.WhoAsync(browser), StringComparison.Ordinal);
        Assert.Null(await ProviderWorld.WhoAsync(again));
        Assert.Null(await world.FindAsync("gatecrasher"));
    }

    [Fact]
    public async Task SignInPage_FormHidden_ShowsItWhenAsked()
    {
        await world.AddAsync();
        var policies = world.Second.Services.GetRequiredService<SignInPolicies>();
        using var browser = world.Browser();
        await policies.WriteAsync(new SignInPolicy { HidesLocalForm = true }, default);

        var hidden = await browser.GetStringAsync("/sign-in");
        using var answer = await browser.PostSignInAsync("admin", TestPortal.AdminPassword, "/sign-in?local=1");
        await policies.WriteAsync(new SignInPolicy(), default);

        Assert.DoesNotContain("Input.Password", hidden, StringComparison.Ordinal);
        Assert.Equal(System.Net.HttpStatusCode.Redirect, answer.StatusCode);
    }

    private async Task<(bool Good, string Text)> CheckAsync(ProviderInput input) => await world.Second.Services
        .GetRequiredService<ProviderCheck>().RunAsync(await world.AdminAsync(), input, world.Second.Address, default);

    private static ProviderInput Input(ProviderSettings settings)
    {
        var input = new ProviderInput { Id = Guid.CreateVersion7() };
        input.Become(ProviderKind.Oidc);
        (input.Name, input.Authority, input.ClientId) = ($"Input {input.Id:N}", "https://sso.example.com", "x");
        input.Settings = settings with { Scopes = input.Settings.Scopes };
        return input;
    }
}
