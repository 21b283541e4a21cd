using System.Security.Claims;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Data;
using Portal.Data.Entities.Deployments;
using Portal.Web.Access;
using Portal.Web.Configuration;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Deployments.Reporting;
using Portal.Web.Features.Environments.Rules;
using Portal.Web.Features.Stacks;
using Portal.Web.Security.Outgoing;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Deployments;

public sealed class CommitStatusTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private const string Good = "services: {web: {image: 'web:1'}}";
    private const string Bad = "services: {web: {image: 'web:bad'}}";
    private static readonly string s_commit = new('c', 40);
    private static readonly string s_other = new('d', 40);

    private CommitReporters Reporters => portal.Services.GetRequiredService<CommitReporters>();

    private IDbContextFactory<PortalDbContext> Contexts => portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>();

    [Fact]
    public async Task Deployment_OfACommit_IsToldFromItsBeginningToItsEnd()
    {
        await using var host = await GitHostServer.StartAsync();
        var bench = await MakeAsync(CommitHost.GitHub, host, "team/app");
        var id = await bench.OrderAsync(1);
        await ReportAsync();
        await ReportAsync();
        Assert.True(await bench.WorkAsync());
        await ReportAsync();
        var failing = await bench.OrderAsync(2);
        Assert.True(await bench.WorkAsync());
        await ReportAsync();

        var calls = host.Calls.ToList();
        Assert.Equal(["pending", "success", "failure"], calls.Select(call => call.Body.GetProperty("state").GetString()));
        Assert.Equal($"POST /repos/team/app/statuses/{s_commit}", calls[0].Path);
        Assert.Equal($"POST /repos/team/app/statuses/{s_other}", calls[2].Path);
        Assert.Equal("Bearer secret-token", calls[0].Headers["Authorization"]);
        Assert.Equal("application/vnd.github+json", calls[0].Headers["Accept"]);
        Assert.Equal($"https://portal.example.com/deployments/{id}", calls[1].Body.GetProperty("target_url").GetString());
        Assert.Equal($"https://portal.example.com/deployments/{failing}", calls[2].Body.GetProperty("target_url").GetString());
        Assert.Equal("portal", calls[1].Body.GetProperty("context").GetString());
        Assert.True(calls.All(call => call.Body.GetProperty("description").GetString()!.Length <= 140));
    }

    [Theory]
    [InlineData(CommitHost.GitLab, "group/sub/app", "/api/v4/projects/group%2Fsub%2Fapp/statuses/SHA", "PRIVATE-TOKEN", "secret-token", "success")]
    [InlineData(CommitHost.Gitea, "team/app", "/api/v1/repos/team/app/statuses/SHA", "Authorization", "token secret-token", "success")]
    [InlineData(
        CommitHost.BitbucketCloud, "team/app", "/2.0/repositories/team/app/commit/SHA/statuses/build", "Authorization",
        "Bearer secret-token", "SUCCESSFUL")]
    [InlineData(
        CommitHost.BitbucketDataCenter, "TEAM/app", "/rest/api/latest/projects/TEAM/repos/app/commits/SHA/builds", "Authorization",
        "Bearer secret-token", "SUCCESSFUL")]
    public async Task Host_ThatIsTold_GetsWhatItsApiTakes(
        CommitHost kind, string project, string path, string header, string value, string state)
    {
        await using var host = await GitHostServer.StartAsync();
        var bench = await MakeAsync(kind, host, project);
        var id = await bench.OrderAsync(1);
        Assert.True(await bench.WorkAsync());

        await ReportAsync();

        var call = Assert.Single(host.Calls);
        Assert.Equal("POST " + path.Replace("SHA", s_commit, StringComparison.Ordinal), call.Path);
        Assert.Equal(value, call.Headers[header]);
        Assert.Equal(state, call.Body.GetProperty("state").GetString());
        var isBuild = kind is CommitHost.BitbucketCloud or CommitHost.BitbucketDataCenter;
        Assert.Equal("portal", call.Body.GetProperty(isBuild ? "key" : "context").GetString());
        Assert.Equal($"https://portal.example.com/deployments/{id}", call.Body.GetProperty(isBuild ? "url" : "target_url").GetString());
    }

    [Fact]
    public async Task Host_ThatIsAway_HoldsNothingUpAndIsToldLater()
    {
        await using var host = await GitHostServer.StartAsync();
        host.Answers.Enqueue((503, "down\u0000 for a while", ""));
        host.Answers.Enqueue((429, "", "120"));
        var bench = await MakeAsync(CommitHost.Gitea, host, "team/app");
        var id = await bench.OrderAsync(1);
        await ReportAsync();
        Assert.True(await bench.WorkAsync());
        Assert.Equal("Succeeded", (await bench.FindAsync(id)).State);

        await ReportAsync();
        var asked = await ReportOfAsync(id);
        Assert.InRange(asked.DueAt!.Value - TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(121));
        await ReportAsync();
        Assert.Equal(2, host.Calls.Count);
        await DueAsync(id);
        await ReportAsync();

        var report = await ReportOfAsync(id);
        Assert.Equal((3, null, ""), (host.Calls.Count, report.DueAt, report.Error));
        Assert.Equal("success", host.Calls.Last().Body.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Refusal_ByTheHost_IsShownInPlainWords()
    {
        await using var host = await GitHostServer.StartAsync();
        host.Answers.Enqueue((401, "{\"message\": \"Bad\u0007 credentials\"}", ""));
        var bench = await MakeAsync(CommitHost.GitHub, host, "team/app");
        var id = await bench.OrderAsync(1);
        await ReportAsync();

        var report = await ReportOfAsync(id);

        Assert.Contains("401", report.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(report.Error, char.IsControl);
        Assert.DoesNotContain("secret-token", report.Error, StringComparison.Ordinal);
        Assert.NotNull(report.DueAt);
    }

    [Fact]
    public async Task GitLab_WhereItStandsSoAlready_IsContent()
    {
        await using var host = await GitHostServer.StartAsync();
        host.Answers.Enqueue((400, """{"message":"Cannot transition status via :enqueue from :pending"}""", ""));
        var bench = await MakeAsync(CommitHost.GitLab, host, "group/app");
        var id = await bench.OrderAsync(1);

        await ReportAsync();

        Assert.Equal(((DateTimeOffset?)null, ""), ((await ReportOfAsync(id)).DueAt, (await ReportOfAsync(id)).Error));
    }

    [Fact]
    public async Task Commit_OfSeveralDeployments_IsSpokenForByTheNewest()
    {
        await using var host = await GitHostServer.StartAsync();
        var bench = await MakeAsync(CommitHost.GitHub, host, "team/app");
        await bench.RuleAsync(new DeploymentRules { ApprovalHours = 1 });
        await bench.OrderAsync(1);
        await ReportAsync();
        var newer = await bench.OrderAsync(1);
        await ReportAsync();

        Assert.Equal(["pending", "pending"], host.Calls.Select(call => call.Body.GetProperty("state").GetString()));
        Assert.EndsWith($"{newer}", host.Calls.Last().Body.GetProperty("target_url").GetString(), StringComparison.Ordinal);
        Assert.Contains("approval", host.Calls.Last().Body.GetProperty("description").GetString(), StringComparison.Ordinal);
        await bench.ChangeAsync(newer, row => (row.State, row.FinishedAt) = ("Cancelled", row.CreatedAt));
        await ReportAsync();
        Assert.Equal("error", host.Calls.Last().Body.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Host_InsideThePortalsNetwork_IsNotCalledUnlessItIsAllowed()
    {
        await using var host = await GitHostServer.StartAsync();
        var bench = await MakeAsync(CommitHost.GitHub, host, "team/app");
        var id = await bench.OrderAsync(1);

        await ReportAsync(inside: "");

        Assert.Empty(host.Calls);
        Assert.Contains("PORTAL_OUTGOING_INSIDE", (await ReportOfAsync(id)).Error, StringComparison.Ordinal);
        await DueAsync(id);
        await ReportAsync();
        Assert.Single(host.Calls);
        Assert.True(await bench.WorkAsync());
    }

    [Fact]
    public async Task Token_OfAServer_IsKeptEncryptedForThatOneAlone()
    {
        await using var host = await GitHostServer.StartAsync();
        var bench = await MakeAsync(CommitHost.GitHub, host, "team/app");
        var editor = await PersonAsync(BuiltInRoles.Deployer);
        await using var database = await Contexts.CreateDbContextAsync();
        var kept = await database.CommitReporters.AsNoTracking().SingleAsync(row => row.StackId == bench.Stack.Id);
        Assert.DoesNotContain("secret-token", kept.KeptToken, StringComparison.Ordinal);

        var moved = InputOf(CommitHost.GitHub, "https://evil.example.com", "team/app") with { Token = null };
        await Assert.ThrowsAsync<StackException>(() => Reporters.SaveAsync(editor, bench.Stack.Id, moved, default));
        await Reporters.SaveAsync(editor, bench.Stack.Id, moved with { BaseUrl = host.Address + "/api/v3" }, default);
        Assert.Throws<StackException>(() => portal.Services.GetRequiredService<CommitTokens>()
            .Unprotect(bench.Stack.Id, "https://evil.example.com", kept.KeptToken));
        var viewer = await PersonAsync(BuiltInRoles.Viewer);
        await Assert.ThrowsAsync<AccessDeniedException>(() => Reporters.SaveAsync(viewer, bench.Stack.Id, moved, default));
        await Assert.ThrowsAsync<AccessDeniedException>(() => Reporters.RemoveAsync(viewer, bench.Stack.Id, default));
        Assert.NotNull(await Reporters.FindAsync(viewer, bench.Stack.Id, default));
        await Reporters.RemoveAsync(editor, bench.Stack.Id, default);
        Assert.Null(await Reporters.FindAsync(viewer, bench.Stack.Id, default));
    }

    [Theory]
    [InlineData("ftp://git.example.com", "team/app", "portal")]
    [InlineData("https://user:secret@git.example.com", "team/app", "portal")]
    [InlineData("https://git.example.com/?a=b", "team/app", "portal")]
    [InlineData("https://git.example.com", "team", "portal")]
    [InlineData("https://git.example.com", "team/../other/app", "portal")]
    [InlineData("https://git.example.com", "team/app?x=y", "portal")]
    [InlineData("https://git.example.com", "team/app", "a\nb")]
    public void Input_ThatLeadsElsewhere_IsRefused(string address, string project, string context) =>
        Assert.NotNull((InputOf(CommitHost.GitLab, address, project) with { Context = context }).Problem());

    private static CommitReporterInput InputOf(CommitHost host, string address, string project) => new()
    {
        Host = host, BaseUrl = address, Project = project, PortalUrl = "https://portal.example.com/", Token = "secret-token",
    };

    private async Task<DeploymentBench> MakeAsync(CommitHost kind, GitHostServer host, string project)
    {
        var bench = await DeploymentBench.MakeAsync(portal, Good, Bad);
        await using var database = await Contexts.CreateDbContextAsync();
        await database.CommitReports.ExecuteDeleteAsync();
        await database.CommitReporters.ExecuteDeleteAsync();
        await database.Deployments.Where(row => row.StackId != bench.Stack.Id).ExecuteDeleteAsync();
        foreach (var revision in await database.StackRevisions.Where(row => row.StackId == bench.Stack.Id).ToListAsync())
        {
            revision.Commit = revision.Number == 1 ? s_commit : s_other;
        }

        await database.SaveChangesAsync();
        await Reporters.SaveAsync(
            await PersonAsync(BuiltInRoles.Deployer), bench.Stack.Id, InputOf(kind, host.Address, project), default);
        return bench;
    }

    private async Task ReportAsync(string inside = "127.0.0.0/8")
    {
        var options = Options.Create(new PortalOptions { OutgoingInside = inside });
        using var sender = new CommitSender(new OutgoingConnections(options));
        var worker = new CommitReportWorker(
            portal.Services.GetRequiredService<NpgsqlDataSource>(), Contexts, sender,
            new CommitTokens(portal.Services.GetRequiredService<IDataProtectionProvider>()), TimeProvider.System,
            NullLogger<CommitReportWorker>.Instance);
        await worker.RunAsync(default);
    }

    private async Task<CommitReport> ReportOfAsync(Guid deployment)
    {
        await using var database = await Contexts.CreateDbContextAsync();
        return await database.CommitReports.AsNoTracking().SingleAsync(row => row.DeploymentId == deployment);
    }

    private async Task DueAsync(Guid deployment)
    {
        await using var database = await Contexts.CreateDbContextAsync();
        var now = TimeProvider.System.GetUtcNow();
        await database.CommitReports.Where(row => row.DeploymentId == deployment)
            .ExecuteUpdateAsync(change => change.SetProperty(row => row.DueAt, now));
    }

    private async Task<ClaimsPrincipal> PersonAsync(string role)
    {
        var name = $"p-{Guid.NewGuid():N}";
        var id = await portal.AddPersonAsync(name, role);
        return new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, $"{id}"), new Claim(ClaimTypes.Name, name)], "test"));
    }
}
