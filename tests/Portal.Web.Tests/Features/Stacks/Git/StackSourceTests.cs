using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Testing.Git;
using Portal.Web.Access;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Stacks.Sources;
using Portal.Web.Languages;
using Portal.Web.Tests.Features.Rest;

namespace Portal.Web.Tests.Features.Stacks.Git;

/// <summary>Stacks whose files come from a repository, in a whole portal.</summary>
public sealed class StackSourceTests(SourcePortal portal) : IClassFixture<SourcePortal>
{
    private GitWorld World => portal.World;

    private StackDirectory Stacks => portal.Services.GetRequiredService<StackDirectory>();

    private StackSourceDirectory Sources => portal.Services.GetRequiredService<StackSourceDirectory>();

    [Fact]
    public async Task Commit_ThatChangesAFile_IsARevisionWithItsWords()
    {
        var (user, id, name) = await portal.StackAsync();
        await World.CommitAsync(name, ("compose.yaml", "services: {web: {image: one}}\n"), ("README", "1"));
        await Sources.SaveAsync(user, id, portal.Input(name), default);

        var first = await Sources.RefreshAsync(user, id, default);
        var same = await Sources.RefreshAsync(user, id, default);
        var other = await World.CommitAsync(name, ("README", "2"));
        var elsewhere = await Sources.RefreshAsync(user, id, default);
        var last = await World.CommitAsync(name, ("compose.yaml", "services: {web: {image: two}}\n"));
        var changed = await Sources.RefreshAsync(user, id, default);

        Assert.Equal(
            [
                (StackRefreshOutcome.Changed, 2), (StackRefreshOutcome.Unchanged, 2), (StackRefreshOutcome.Unchanged, 2),
                (StackRefreshOutcome.Changed, 3),
            ],
            new[] { first, same, elsewhere, changed }.Select(refresh => (refresh.Outcome, refresh.Revision)));
        Assert.Equal(other, elsewhere.Commit);
        var revisions = (await Stacks.FindAsync(user, id, default))!.Value.Revisions;
        Assert.Equal(($"{last[..10]} by Ann: more", user.Identity!.Name, last, "TAG"),
            (revisions[0].Message, revisions[0].AuthorName, revisions[0].Commit, revisions[0].ValueNames));
        var source = (await Sources.FindAsync(user, id, default))!;
        Assert.Equal((last, "Ann", "", null), (source.Commit, source.CommitAuthor, source.Error, source.FailingSince));
        Assert.NotNull(source.FetchedAt);
    }

    [Fact]
    public async Task Files_ThatAreWrong_LeaveTheStackAsItIsAndAreTold()
    {
        var (user, id, name) = await portal.StackAsync();
        await World.CommitAsync(name, ("compose.yaml", "services: {web: {image: one, comand: x}}\n"));
        await Sources.SaveAsync(user, id, portal.Input(name), default);

        var wrong = await Sources.RefreshAsync(user, id, default);
        var again = await Sources.RefreshAsync(user, id, default);
        var failing = (await Sources.FindAsync(user, id, default))!;
        await World.CommitAsync(name, ("compose.yaml", "services: {web: {image: one}}\n"));
        var right = await Sources.RefreshAsync(user, id, default);

        Assert.Equal((StackRefreshOutcome.Failed, 1), (wrong.Outcome, wrong.Revision));
        Assert.StartsWith("compose.yaml:1 services.web.comand: ", wrong.Message, StringComparison.Ordinal);
        Assert.Equal(wrong.Message, again.Message);
        Assert.Equal(wrong.Message, failing.Error);
        Assert.NotNull(failing.FailingSince);
        Assert.Equal((StackRefreshOutcome.Changed, 2), (right.Outcome, right.Revision));
        Assert.Null((await Sources.FindAsync(user, id, default))!.FailingSince);
    }

    [Fact]
    public async Task Refusals_ForAGermanReader_AreGermanAndWhatIsKeptEnglish()
    {
        var (user, id, name) = await portal.StackAsync();
        await World.CommitAsync(name, ("compose.yaml", "services: {web: {image: one}}\n"));
        var missing = portal.Input(name);
        missing.Reference = "nowhere";
        await Sources.SaveAsync(user, id, missing, default);

        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("de");
        var refused = await Assert.ThrowsAsync<StackException>(() => Sources.TestAsync(user, id, missing, default));
        var fetched = await Sources.RefreshAsync(user, id, default);

        Assert.Contains("Das Repository hat dies nicht: Branch nowhere.", Texts.Told(refused.Message), StringComparison.Ordinal);
        Assert.Contains("The repository has no branch nowhere", fetched.Message, StringComparison.Ordinal);
        Assert.Equal(fetched.Message, (await Sources.FindAsync(user, id, default))!.Error);
        Assert.Equal("de", CultureInfo.CurrentUICulture.Name);
    }

    [Fact]
    public async Task Files_FromGit_AreNotEditedButValuesAre()
    {
        var (user, id, name) = await portal.StackAsync();
        await World.CommitAsync(name, ("compose.yaml", "services: {web: {image: 'web:${TAG}'}}\n"));
        await Sources.SaveAsync(user, id, portal.Input(name), default);
        await Sources.RefreshAsync(user, id, default);
        var files = (await Stacks.ReadFilesAsync(user, id, 2, default))!;
        var node = (await Stacks.FindAsync(user, id, default))!.Value.Stack.NodeId;
        var draft = new StackDraft(id, node, name, 2, files, "TAG=2", "");

        await Stacks.SaveAsync(user, draft, default);
        var refused = await Assert.ThrowsAsync<StackException>(() =>
            Stacks.SaveAsync(user, new StackDraft(id, node, name, 3, "services: {web: {image: mine}}", "", ""), default));
        await Sources.RemoveAsync(user, id, default);
        await Stacks.SaveAsync(user, new StackDraft(id, node, name, 3, "services: {web: {image: mine}}", "", ""), default);

        Assert.Contains("come from Git", refused.Message, StringComparison.Ordinal);
        Assert.Null(await Sources.FindAsync(user, id, default));
        Assert.Equal(StackRefreshOutcome.NoSource, (await Sources.RefreshAsync(user, id, default)).Outcome);
    }

    [Fact]
    public async Task Login_IsKeptEncryptedForItsServerAlone()
    {
        var (user, id, name) = await portal.StackAsync();
        await World.CommitAsync(name, ("compose.yaml", "services: {web: {image: one}}\n"));
        await Sources.SaveAsync(user, id, portal.Input(name), default);
        var kept = portal.Input(name, secret: "");
        var moved = portal.Input(name, secret: "");
        moved.Address = "https://other.example.com/app.git";

        await Sources.SaveAsync(user, id, kept, default);
        var fetched = await Sources.RefreshAsync(user, id, default);
        var refused = await Assert.ThrowsAsync<StackException>(() => Sources.SaveAsync(user, id, moved, default));
        await Assert.ThrowsAsync<StackException>(() => Sources.TestAsync(user, id, moved, default));

        Assert.Equal(StackRefreshOutcome.Changed, fetched.Outcome);
        Assert.Contains("anew", refused.Message, StringComparison.Ordinal);
        var shown = JsonSerializer.Serialize(await Sources.FindAsync(user, id, default));
        Assert.DoesNotContain(GitServer.Password, shown, StringComparison.Ordinal);
        await using var database = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        var row = await database.StackSources.SingleAsync(source => source.StackId == id);
        Assert.NotEqual("", row.KeptSecret);
        Assert.DoesNotContain(GitServer.Password, row.KeptSecret, StringComparison.Ordinal);
        Assert.DoesNotContain(portal.Portal.Logs.Lines, line => line.Contains(GitServer.Password, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Refresh_ByManyAtOnce_MakesOneRevision()
    {
        var (user, id, name) = await portal.StackAsync();
        await World.CommitAsync(name, ("compose.yaml", "services: {web: {image: one}}\n"));
        await Sources.SaveAsync(user, id, portal.Input(name), default);

        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Sources.RefreshAsync(user, id, default)));

        Assert.Single(all, refresh => refresh.Outcome == StackRefreshOutcome.Changed);
        Assert.All(all, refresh => Assert.Equal(2, refresh.Revision));
    }

    [Fact]
    public async Task Refresh_OfASourceThatIsChangedMeanwhile_IsNotTaken()
    {
        var (user, id, name) = await portal.StackAsync();
        await World.CommitAsync(name, ("compose.yaml", "services: {web: {image: one}}\n"));
        await Sources.SaveAsync(user, id, portal.Input(name), default);
        var claim = Guid.NewGuid();
        await using var database = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        await database.StackSources.Where(source => source.StackId == id).ExecuteUpdateAsync(row => row
            .SetProperty(source => source.ClaimedBy, claim).SetProperty(source => source.ClaimedUntil, DateTimeOffset.MaxValue));

        await Sources.SaveAsync(user, id, portal.Input(name), default);
        var late = await portal.Services.GetRequiredService<StackSources>()
            .RefreshAsync(id, claim, new(StackRefreshCause.Poll, Actor.Portal, ""), default);

        Assert.Equal(StackRefreshOutcome.NoSource, late.Outcome);
        Assert.Equal(StackRefreshOutcome.Changed, (await Sources.RefreshAsync(user, id, default)).Outcome);
    }

    [Theory]
    [InlineData(false, true, "Running", "Git")]
    [InlineData(false, false, "Running", "")]
    [InlineData(true, false, "Running", "Webhook")]
    [InlineData(false, true, "Stopped", "Git Skipped")]
    public async Task Change_IsDeployedWhenItShallBeAndNobodyStoppedIt(
        bool byWebhook, bool deploys, string intent, string expected)
    {
        var cause = byWebhook ? StackRefreshCause.Webhook : StackRefreshCause.Poll;
        var (user, id, name) = await portal.StackAsync();
        await World.CommitAsync(name, ("compose.yaml", "services: {web: {image: one}}\n"));
        var input = portal.Input(name);
        input.Deploys = deploys;
        await Sources.SaveAsync(user, id, input, default);
        await using var database = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        await database.Stacks.Where(stack => stack.Id == id)
            .ExecuteUpdateAsync(row => row.SetProperty(stack => stack.Intent, intent));
        var sources = portal.Services.GetRequiredService<IStackSources>();

        for (var time = 0; time < 2; time++)
        {
            await sources.RefreshAsync(id, new StackRefreshReason(cause, Actor.Portal, "push"), default);
        }

        var all = await database.Deployments.Where(deployment => deployment.StackId == id).ToListAsync();
        Assert.Equal(
            expected.Length > 0 ? [expected] : [],
            all.Select(deployment => deployment.State == "Skipped" ? $"{deployment.Cause} Skipped" : deployment.Cause));
        Assert.All(all, deployment => Assert.Equal((2, null), (deployment.Revision, deployment.ActorId)));
    }

    [Fact]
    public async Task Change_OfAPortalThatEndedBeforeItWasQueued_IsDeployedByTheNextLook()
    {
        var (user, id, name) = await portal.StackAsync();
        await World.CommitAsync(name, ("compose.yaml", "services: {web: {image: one}}\n"));
        await Sources.SaveAsync(user, id, portal.Input(name), default);
        await Sources.RefreshAsync(user, id, default);
        await using var database = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        await database.StackSources.Where(source => source.StackId == id)
            .ExecuteUpdateAsync(row => row.SetProperty(source => source.OwesDeployment, true));

        await Sources.RefreshAsync(user, id, default);
        await Sources.RefreshAsync(user, id, default);

        Assert.Equal(2, Assert.Single(await database.Deployments.Where(row => row.StackId == id).ToListAsync()).Revision);
    }

    [Fact]
    public async Task Source_OfOthers_IsNeitherSeenNorChanged()
    {
        var (owner, id, name) = await portal.StackAsync();
        await Sources.SaveAsync(owner, id, portal.Input(name), default);
        var elsewhere = await portal.PersonAsync(BuiltInRoles.Deployer, await portal.Portal.AddNodeAsync($"else-{name}"));
        var viewer = await portal.PersonAsync(BuiltInRoles.Viewer, null);

        Assert.Null(await Sources.FindAsync(elsewhere, id, default));
        Assert.NotNull(await Sources.FindAsync(viewer, id, default));
        foreach (var user in new[] { elsewhere, viewer })
        {
            await Assert.ThrowsAsync<AccessDeniedException>(() => Sources.SaveAsync(user, id, portal.Input(name), default));
            await Assert.ThrowsAsync<AccessDeniedException>(() => Sources.TestAsync(user, id, portal.Input(name), default));
            await Assert.ThrowsAsync<AccessDeniedException>(() => Sources.RefreshAsync(user, id, default));
            await Assert.ThrowsAsync<AccessDeniedException>(() => Sources.RemoveAsync(user, id, default));
            await Assert.ThrowsAsync<AccessDeniedException>(() => Sources.ReadHostKeysAsync(user, id, "ssh://git@host/x", default));
        }
    }

    [Fact]
    public async Task Rest_SetsTestsFetchesAndTakesAway()
    {
        var (user, id, name) = await portal.StackAsync();
        var commit = await World.CommitAsync(name, ("compose.yaml", "services: {web: {image: one}}\n"));
        var path = $"/api/v1/stacks/{id}/source";
        var body = new
        {
            address = World.AddressOf(name), reference = "main", userName = GitServer.User, secret = GitServer.Password,
            certificates = World.Certificates, pollSeconds = 300,
        };
        using var program = await portal.ProgramAsync(user);

        await program.GetAsync(path).ProblemAsync(404, "not-found");
        await program.PutAsJsonAsync(path, body).OkAsync(HttpStatusCode.NoContent);
        var tested = await program.PostAsJsonAsync(path + "/test", body).OkAsync();
        var fetched = await program.PostAsync(path + "/fetch", null).OkAsync();
        var shown = await program.GetAsync(path).OkAsync();
        await program.PutAsJsonAsync(path, new { address = "file:///etc" }).ProblemAsync(422, "refused");
        await program.DeleteAsync(path).OkAsync(HttpStatusCode.NoContent);
        await program.PostAsync(path + "/fetch", null).ProblemAsync(404, "not-found");

        Assert.Equal(commit, tested.GetProperty("commit").GetString());

        // The portal looks by itself as soon as a source has a time for that, and may have been faster.
        Assert.Contains(fetched.GetProperty("outcome").GetString(), (string?[])["changed", "unchanged"]);
        Assert.Equal(2, fetched.GetProperty("revision").GetInt32());
        Assert.Equal((commit, true, 300),
            (shown.GetProperty("commit").GetString(), shown.GetProperty("hasLogin").GetBoolean(),
                shown.GetProperty("pollSeconds").GetInt32()));
        Assert.DoesNotContain(GitServer.Password, shown.ToString(), StringComparison.Ordinal);
    }
}
