using System.Net;
using System.Security.Claims;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Entities;
using Portal.Data.Entities.Access;
using Portal.Web.Features.Settings.Providers;
using Portal.Web.Identity.Providers;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Identity.Providers;

/// <summary>Two portals of one database, and a provider that they may call.</summary>
public sealed partial class ProviderWorld : IAsyncLifetime
{
    private PortalApplication? _second;

    /// <summary>Where providers are set up; it may not call them.</summary>
    public TestPortal Portal { get; } = new();

    public TestProvider Provider { get; private set; } = null!;

    /// <summary>The portal that may call addresses of its own machine.</summary>
    public PortalApplication Second => _second!;

    internal ProviderDirectory Directory => Second.Services.GetRequiredService<ProviderDirectory>();

    public async Task InitializeAsync()
    {
        await Portal.InitializeAsync();
        _second = Portal.Create(["--PORTAL_OUTGOING_INSIDE", "127.0.0.0/8"]);
        await _second.StartAsync(default);
        Provider = await TestProvider.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await Provider.DisposeAsync();
        await _second!.StopAsync(default);
        await _second.DisposeAsync();
        await Portal.DisposeAsync();
    }

    /// <summary>Adds a provider as an administrator would.</summary>
    public async Task<Guid> AddAsync(
        ProviderSettings? settings = null, ProviderKind kind = ProviderKind.Oidc, Action<ProviderInput>? change = null)
    {
        var input = new ProviderInput { Id = Guid.CreateVersion7() };
        input.Become(kind);
        input.Name = $"Provider {input.Id:N}";
        (input.Authority, input.ClientId, input.Secret) = (Provider.Authority, TestProvider.ClientId, TestProvider.ClientSecret);
        input.Settings = (settings ?? new ProviderSettings()) with
        {
            Scopes = input.Settings.Scopes,
            GroupClaim = input.Settings.GroupClaim,
        };
        change?.Invoke(input);
        var saved = await Directory.SaveAsync(await AdminAsync(), input, default);
        Assert.Null(saved.Error);
        return input.Id;
    }

    public HttpClient Browser() => Portal.CreateClient(Second.Address);

    /// <summary>Goes to the provider, signs in there and comes back.</summary>
    public async Task<HttpResponseMessage> SignInAsync(HttpClient browser, Guid id, TestAccount account, string query = "") =>
        await browser.GetAsync(Provider.Authorize(await BeginAsync(browser, id, query), account));

    /// <summary>Where the browser is sent to.</summary>
    public static async Task<Uri> BeginAsync(HttpClient browser, Guid id, string query = "")
    {
        using var answer = await browser.GetAsync($"/sign-in/with/{id}{query}");
        Assert.True(answer.StatusCode == HttpStatusCode.Redirect, await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location!;
    }

    /// <summary>Where the page leads that the browser came back to; or what it says is wrong.</summary>
    public static async Task<(string? GoTo, string Text)> ReadAsync(HttpResponseMessage answer)
    {
        var html = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        var refresh = Refresh().Match(html);
        return (refresh.Success ? refresh.Groups[1].Value : null, html);
    }

    /// <summary>Under which name a browser is signed in; null for nobody.</summary>
    public static async Task<string?> WhoAsync(HttpClient browser)
    {
        using var answer = await browser.GetAsync("/api/v1/me");
        return answer.StatusCode == HttpStatusCode.OK ? await answer.Content.ReadAsStringAsync() : null;
    }

    public async Task<Guid> AddTeamAsync(string name)
    {
        await using var database = await DatabaseAsync();
        var team = new Team { Id = Guid.CreateVersion7(), Name = name, CreatedAt = TimeProvider.System.GetUtcNow() };
        database.Teams.Add(team);
        await database.SaveChangesAsync();
        return team.Id;
    }

    public async Task<PortalUser?> FindAsync(string userName)
    {
        await using var database = await DatabaseAsync();
        return await database.Users.SingleOrDefaultAsync(user => user.UserName == userName);
    }

    public async Task<List<TeamMember>> TeamsOfAsync(string userName)
    {
        await using var database = await DatabaseAsync();
        return await database.TeamMembers.Where(member => database.Users.Any(user => user.Id == member.UserId && user.UserName == userName))
            .ToListAsync();
    }

    public Task<PortalDbContext> DatabaseAsync() =>
        Portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();

    public async Task<ClaimsPrincipal> AdminAsync() => Principal((await FindAsync("admin"))!.Id);

    public static ClaimsPrincipal Principal(Guid id) =>
        new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, id.ToString()), new Claim(ClaimTypes.Name, "somebody")], "test"));

    [GeneratedRegex("http-equiv=\"refresh\" content=\"0;url=([^\"]+)\"")]
    private static partial Regex Refresh();
}
