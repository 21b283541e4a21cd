using System.Security.Claims;
using Google.Protobuf;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Contracts.Builds.V1;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities;
using Portal.Testing;
using Portal.Web.Access;
using Portal.Web.Features.Builds;
using Portal.Web.Features.Builds.History;
using Portal.Web.Features.Builds.Running;
using Portal.Web.Nodes;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Builds;

public sealed class BuildHistoryTests(TestPortal portal) : IClassFixture<TestPortal>, IAsyncLifetime
{
    private readonly FakeBuildNode _node = new();
    private readonly Guid _nodeId = Guid.NewGuid();
    private PortalApplication _application = null!;

    private BuildHistory History => _application.Services.GetRequiredService<BuildHistory>();

    public async Task InitializeAsync() => await StartAsync();

    public async Task DisposeAsync()
    {
        await _application.StopAsync(default);
        await _application.DisposeAsync();
    }

    [Fact]
    public async Task Build_ThatEnded_IsThereAfterARestartWithItsStepsAndText()
    {
        var user = await PersonAsync("keeper", BuiltInRoles.Deployer);
        var options = new BuildOptions { Remote = "https://me:hidden@host/app.git", Names = { "app:1" }, BuildArgs = { ["PASSWORD"] = "hidden" } };
        var secrets = new BuildSecrets(new GitCredentials { Password = "hidden" }, new Dictionary<string, string> { ["id"] = "hidden" })
        {
            SshKeys = new Dictionary<string, string> { ["default"] = "hidden" },
        };
        var run = _application.Services.GetRequiredService<BuildRuns>()
            .Start(user, _nodeId, options, "app:1", [], isUpload: false, secrets);
        var started = new StepStarted { Step = 1, Steps = 2, Stage = 1, StageName = "s", Instruction = "RUN y", Line = 3 };
        _node.Tell(new BuildImageResponse { Started = started });
        _node.Tell(new BuildImageResponse { Output = new StepOutput { Step = 1, Data = ByteString.CopyFromUtf8("said\n") } });
        _node.Tell(new BuildImageResponse { Cached = new StepCached { Step = 1 } });
        _node.Tell(new BuildImageResponse { Finished = new StepFinished { Step = 1 } });
        _node.Tell(new BuildImageResponse { Note = new StepNote { Text = "of the whole", IsWarning = true } });
        _node.Tell(new BuildImageResponse { Result = new BuildResult { ImageId = "sha256:1", SizeBytes = 7 } });
        await Eventually.HoldsAsync(async () => (await History.FindAsync(user, run.Id, default))?.State == "succeeded");
        var asked = Assert.Single(_node.Sent).Options;
        Assert.Equal(("hidden", "hidden"), (asked.Git.Password, asked.Secrets["id"].ToStringUtf8()));
        Assert.Equal("hidden", asked.SshKeys["default"]);
        Assert.Empty(run.Options.SshKeys);
        Assert.Null(run.Options.Git);
        Assert.Empty(run.Options.Secrets);
        Assert.Equal("secrets of a build", $"{secrets}");
        await DisposeAsync();
        await StartAsync();

        var row = Assert.Single(await History.ListAsync(user, new BuildFilter { Text = "APP", State = "succeeded" }, 10, default));
        Assert.Equal(("app:1", "https://host/app.git", 2, 1, 7L), (row.Title, row.Source, row.Steps, row.CachedSteps, row.SizeBytes));
        Assert.NotNull(row.EndedAt);
        var record = (await History.FindAsync(user, run.Id, default))!;
        Assert.DoesNotContain("hidden", record.Detail + record.Source + record.Error, StringComparison.Ordinal);
        var past = BuildRun.OfThePast(record, History.StateOf(record), TimeProvider.System);
        var step = Assert.Single(past.Steps);
        Assert.Equal(("RUN y", "s", true, 3), (step.Instruction, step.StageName, step.IsCached, step.Line));
        Assert.Equal("said\n", step.Log.Blocks[0].Text);
        Assert.Equal([("of the whole", true)], past.Notes);
        Assert.Equal((BuildState.Succeeded, "sha256:1"), (past.State, past.Result!.ImageId));
    }

    [Fact]
    public async Task Builds_OfOthers_AreSeenByWhoMaySeeAllOrReadsTheAuditLog()
    {
        var (owner, other) = (
            await PersonWithAsync("owner", PermissionNames.ImagesBuild), await PersonWithAsync("other", PermissionNames.ImagesBuild));
        var id = await KeepAsync(owner, "failed", DateTimeOffset.UtcNow);

        Assert.NotNull(await History.FindAsync(owner, id, default));
        Assert.Null(await History.FindAsync(other, id, default));
        Assert.Null(await History.FindAsync(new ClaimsPrincipal(new ClaimsIdentity()), id, default));
        Assert.DoesNotContain(await History.ListAsync(other, new BuildFilter(), 10, default), row => row.Id == id);
        foreach (var permission in new[] { PermissionNames.AuditView, PermissionNames.BuildsView })
        {
            var seer = await PersonWithAsync($"by-{permission}", permission);
            Assert.Contains(await History.ListAsync(seer, new BuildFilter { NodeId = _nodeId }, 10, default), row => row.Id == id);
            Assert.NotNull(await History.FindAsync(seer, id, default));
        }
    }

    [Fact]
    public async Task Builds_OfANode_AreSeenByWhoMaySeeThoseOfThatNodeAlone()
    {
        var owner = await PersonAsync("builder", BuiltInRoles.Deployer);
        var (node, other) = (await portal.AddNodeAsync("builds-here"), await portal.AddNodeAsync("builds-there"));
        var id = await KeepAsync(owner, "failed", DateTimeOffset.UtcNow, node);
        var here = await PersonAsync("here", BuiltInRoles.Viewer, node);
        var there = await PersonAsync("there", BuiltInRoles.Viewer, other);

        Assert.NotNull(await History.FindAsync(here, id, default));
        Assert.Null(await History.FindAsync(there, id, default));
    }

    [Fact]
    public async Task Build_OfAPortalThatIsGone_IsInterrupted()
    {
        var user = await PersonAsync("left", BuiltInRoles.Deployer);
        var id = await KeepAsync(user, "running", DateTimeOffset.UtcNow.AddMinutes(-10));
        var alive = await KeepAsync(user, "running", DateTimeOffset.UtcNow);

        Assert.Equal([id], (await History.ListAsync(user, new BuildFilter { State = "interrupted" }, 10, default)).Select(row => row.Id));
        Assert.Equal([alive], (await History.ListAsync(user, new BuildFilter { State = "running" }, 10, default)).Select(row => row.Id));
        var record = (await History.FindAsync(user, id, default))!;
        Assert.Equal(BuildState.Interrupted, BuildRun.OfThePast(record, History.StateOf(record), TimeProvider.System).State);
    }

    [Fact]
    public async Task Builds_OlderThanTheyAreKept_GoWithTheNextOne()
    {
        var user = await PersonAsync("old", BuiltInRoles.Deployer);
        var old = await KeepAsync(user, "failed", DateTimeOffset.UtcNow - BuildHistory.Kept - TimeSpan.FromHours(1));
        var run = _application.Services.GetRequiredService<BuildRuns>()
            .Start(user, _nodeId, new BuildOptions { DockerfileText = "FROM x" }, "x", [], isUpload: false);
        _node.Tell(new BuildImageResponse { Result = new BuildResult { ImageId = "sha256:2" } });

        await Eventually.HoldsAsync(async () => (await History.FindAsync(user, run.Id, default))?.State == "succeeded");
        Assert.Null(await History.FindAsync(user, old, default));
    }

    [Theory]
    [InlineData("%")]
    [InlineData("_")]
    [InlineData(@"\")]
    [InlineData("'; drop table builds; --")]
    public async Task Search_ForMarksOfPatterns_FindsThemAlone(string text)
    {
        var user = await PersonAsync($"seeker{Guid.NewGuid():N}"[..20], BuiltInRoles.Deployer);
        await KeepAsync(user, "failed", DateTimeOffset.UtcNow);

        Assert.Empty(await History.ListAsync(user, new BuildFilter { Text = text }, 10, default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"Steps\":null}")]
    public void Detail_ThatIsNone_IsNone(string json) => Assert.Null(BuildDetail.Read(json));

    private async Task StartAsync()
    {
        _application = portal.Create([], builder =>
        {
            builder.Services.RemoveAll<INodeClients>();
            builder.Services.AddSingleton<INodeClients>(_node);
        });
        await _application.StartAsync(default);
    }

    private async Task<Guid> KeepAsync(ClaimsPrincipal owner, string state, DateTimeOffset at, Guid? nodeId = null)
    {
        await using var context = await _application.Services
            .GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        var record = new BuildRecord
        {
            Id = Guid.NewGuid(),
            OwnerId = Guid.Parse(BuildRuns.KeyOf(owner)),
            OwnerName = "who",
            NodeId = nodeId ?? _nodeId,
            NodeName = "where",
            Title = "app",
            Source = "editor",
            State = state,
            StartedAt = at,
            SeenAt = at,
            EndedAt = state == "running" ? null : at,
        };
        context.Builds.Add(record);
        await context.SaveChangesAsync();
        return record.Id;
    }

    // Of a role that has this one permission.
    private async Task<ClaimsPrincipal> PersonWithAsync(string name, string permission)
    {
        var role = new Portal.Data.Entities.Access.CustomRole { Id = Guid.CreateVersion7(), Name = $"role of {name}", Permissions = [permission] };
        var person = await PersonAsync(name, null);
        await using var context = await _application.Services
            .GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        context.CustomRoles.Add(role);
        context.Grants.Add(new Grant
        {
            Id = Guid.CreateVersion7(), UserId = Guid.Parse(BuildRuns.KeyOf(person)), Role = role.Id.ToString(), RoleId = role.Id,
        });
        await context.SaveChangesAsync();
        return person;
    }

    private async Task<ClaimsPrincipal> PersonAsync(string name, string? role, Guid? nodeId = null)
    {
        var id = await portal.AddPersonAsync(name, role, nodeId);
        return new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, id.ToString())], "test"));
    }
}
