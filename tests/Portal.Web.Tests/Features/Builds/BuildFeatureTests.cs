using System.Net;
using System.Security.Claims;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Contracts.Builds.V1;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Testing;
using Portal.Web.Access;
using Portal.Web.Features.Builds.Running;
using Portal.Web.Nodes;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Builds;

/// <summary>Builds with the whole portal but for its nodes.</summary>
public sealed class BuildFeatureTests(TestPortal portal) : IClassFixture<TestPortal>, IAsyncLifetime
{
    private static readonly DateTimeOffset s_begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly FakeBuildNode _node = new();
    private readonly Guid _nodeId = Guid.NewGuid();
    private PortalApplication _application = null!;

    private BuildRuns Runs => _application.Services.GetRequiredService<BuildRuns>();

    public async Task InitializeAsync()
    {
        _application = portal.Create([], builder =>
        {
            builder.Services.RemoveAll<INodeClients>();
            builder.Services.AddSingleton<INodeClients>(_node);
        });
        await _application.StartAsync(default);
    }

    public async Task DisposeAsync()
    {
        await _application.StopAsync(default);
        await _application.DisposeAsync();
    }

    [Fact]
    public async Task Build_OfAText_ShowsStepsAndResultAndIsOnRecord()
    {
        var (user, id) = await PersonAsync("builder", BuiltInRoles.Deployer);
        var options = new BuildOptions { DockerfileText = "FROM x", Names = { "app:1" } };
        var run = Runs.Start(user, _nodeId, options, "app:1", [], isUpload: false);
        Tell(0, new BuildImageResponse { Started = new StepStarted { Step = 1, Steps = 2, Instruction = "FROM x", Line = 1 } });
        Tell(1, new BuildImageResponse { Cached = new StepCached { Step = 1 } });
        Tell(2, new BuildImageResponse { Finished = new StepFinished { Step = 1 } });
        Tell(2, new BuildImageResponse { Started = new StepStarted { Step = 2, Steps = 2, Stage = 1, Instruction = "RUN y", Line = 3 } });
        Tell(3, new BuildImageResponse { Output = new StepOutput { Step = 2, Data = Google.Protobuf.ByteString.CopyFromUtf8("said\n") } });
        Tell(3, new BuildImageResponse { Note = new StepNote { Text = "of the whole", IsWarning = true } });
        await Eventually.HoldsAsync(() => run.Notes.Count == 1);
        Assert.Equal((BuildState.Running, 2), (run.State, run.StepCount));
        Tell(4, new BuildImageResponse { Finished = new StepFinished { Step = 2 } });
        Tell(4, new BuildImageResponse { Result = new BuildResult { ImageId = "sha256:1", SizeBytes = 7 } });
        await Eventually.HoldsAsync(() => run.EndedAt is not null);

        Assert.Equal((BuildState.Succeeded, 7), (run.State, run.Result!.SizeBytes));
        var two = TimeSpan.FromSeconds(2);
        Assert.Equal([(true, two), (false, two)], run.Steps.Select(step => (step.IsCached, step.Took!.Value)));
        Assert.Equal("said\n", run.Steps[1].Log.Blocks[0].Text);
        Assert.Equal([run], Runs.Find(user));
        Assert.Equal([PermissionNames.ImagesBuild], _node.Permissions);
        Assert.False(_node.Sent.Single().Options.ContextFollows);
        Assert.Equal(["image.build succeeded text"], await AuditAsync(id));
    }

    [Fact]
    public async Task Build_ThatFails_MarksTheStepOfTheLine()
    {
        var (user, id) = await PersonAsync("failer", BuiltInRoles.Deployer);
        var options = new BuildOptions { Remote = "https://name:secret@host/app.git#main" };
        var run = Runs.Start(user, _nodeId, options, "app", [], isUpload: false);
        Tell(0, new BuildImageResponse { Started = new StepStarted { Step = 1, Steps = 4, Line = 2, Instruction = "RUN a" } });
        Tell(0, new BuildImageResponse { Started = new StepStarted { Step = 3, Steps = 4, Line = 5, Instruction = "RUN b" } });
        Tell(1, new BuildImageResponse { Failure = new BuildFailure { File = "Dockerfile", Line = 5, ExitCode = 3 } });
        _node.Tell(new RpcException(new Status(StatusCode.InvalidArgument, "The command returned 3")));
        await Eventually.HoldsAsync(() => run.EndedAt is not null);

        Assert.Equal((BuildState.Failed, "The command returned 3", 3), (run.State, run.Error, run.Failure!.ExitCode));
        Assert.Equal([(false, true), (true, false)], run.Steps.Select(step => (step.HasFailed, step.IsStopped)));
        Assert.Equal(["image.build failed https://host/app.git#main: The command returned 3"], await AuditAsync(id));
    }

    [Fact]
    public async Task Build_Cancelled_EndsOnTheNode()
    {
        var (user, id) = await PersonAsync("stopper", BuiltInRoles.Deployer);
        var run = Runs.Start(user, _nodeId, new BuildOptions { DockerfileText = "FROM x" }, "x", [], isUpload: false);
        await Eventually.HoldsAsync(() => _node.Sent.Count == 1);
        run.Cancel();
        await Eventually.HoldsAsync(() => run.EndedAt is not null);

        Assert.Equal((BuildState.Cancelled, (string?)null), (run.State, run.Error));
        Assert.StartsWith("image.build failed", Assert.Single(await AuditAsync(id)), StringComparison.Ordinal);
        Runs.Dismiss(run);
        Assert.Empty(Runs.Find(user));
    }

    [Fact]
    public async Task Build_WithoutThePermission_FailsAndReachesNoNode()
    {
        var (user, id) = await PersonAsync("looker", BuiltInRoles.Developer);
        var run = Runs.Start(user, _nodeId, new BuildOptions { DockerfileText = "FROM x" }, "x", [], isUpload: false);
        await Eventually.HoldsAsync(() => run.EndedAt is not null);

        Assert.Equal(BuildState.Failed, run.State);
        Assert.Empty(_node.Sent);
        Assert.Equal(["images.build denied "], await AuditAsync(id));
    }

    [Fact]
    public async Task Build_TooManyAtOnce_AreRefusedInWords()
    {
        var (user, _) = await PersonAsync("hasty", BuiltInRoles.Deployer);
        var running = Enumerable.Range(0, BuildRuns.MostRunning)
            .Select(_ => Runs.Start(user, _nodeId, new BuildOptions(), "x", [], isUpload: true)).ToList();

        var refused = Runs.Start(user, _nodeId, new BuildOptions(), "x", [], isUpload: true);

        Assert.Contains("16 of your builds", refused.Error, StringComparison.Ordinal);
        running.ForEach(run => run.Cancel());
        await Eventually.HoldsAsync(() => running.All(run => run.EndedAt is not null));
    }

    [Fact]
    public async Task Context_Sent_ReachesTheNodeAndTheBuildGoesOnWithoutTheRequest()
    {
        var (user, _) = await PersonAsync("sender", BuiltInRoles.Deployer);
        var run = Runs.Start(user, _nodeId, new BuildOptions(), "x", [], isUpload: true);
        var context = Enumerable.Range(0, 700_000).Select(number => (byte)number).ToArray();

        var answer = await PostAsync("sender", run, context);

        Assert.Equal(HttpStatusCode.NoContent, answer);
        await _node.Completed.Task;
        Assert.True(context.SequenceEqual(_node.Context()));
        Assert.True(_node.Sent[0].Options.ContextFollows);
        Assert.All(_node.Sent, part => Assert.True(part.Data.Length <= 256 * 1024));
        Assert.Equal((700_000, 700_000, BuildState.Running), (run.Context!.Received, run.Context.Total, run.State));
        Assert.Equal(HttpStatusCode.Conflict, await PostAsync("sender", run, context));
        Tell(0, new BuildImageResponse { Result = new BuildResult { ImageId = "sha256:1" } });
        await Eventually.HoldsAsync(() => run.State == BuildState.Succeeded);
    }

    [Fact]
    public async Task Context_OfAnothersBuildOrWithoutTheToken_IsRefused()
    {
        var (user, _) = await PersonAsync("owner", BuiltInRoles.Deployer);
        await PersonAsync("thief", BuiltInRoles.Administrator);
        var run = Runs.Start(user, _nodeId, new BuildOptions(), "x", [], isUpload: true);

        Assert.Equal(HttpStatusCode.NotFound, await PostAsync("thief", run, [1]));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync("owner", run, [1], withToken: false));
        Assert.Equal(BuildState.Waiting, run.State);
        run.Cancel();
        await Eventually.HoldsAsync(() => run.EndedAt is not null);
        Assert.Equal(HttpStatusCode.Conflict, await PostAsync("owner", run, [1]));
    }

    private void Tell(int seconds, BuildImageResponse message)
    {
        message.Time = Timestamp.FromDateTimeOffset(s_begin.AddSeconds(seconds));
        _node.Tell(message);
    }

    private async Task<HttpStatusCode> PostAsync(string name, BuildRun run, byte[] body, bool withToken = true)
    {
        using var browser = portal.CreateClient(_application.Address);
        using var signedIn = await browser.PostSignInAsync(name, TestPortal.AdminPassword);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/nodes/{_nodeId}/builds/{run.Id}/context")
        {
            Content = new ByteArrayContent(body),
        };
        if (withToken)
        {
            request.Headers.Add("RequestVerificationToken", await TokenAsync(browser));
        }

        using var answer = await browser.SendAsync(request);
        return answer.StatusCode;
    }

    private static async Task<string> TokenAsync(HttpClient browser)
    {
        var page = await browser.GetStringAsync("/account/password");
        const string Before = "name=\"__RequestVerificationToken\" value=\"";
        var begin = page.IndexOf(Before, StringComparison.Ordinal) + Before.Length;
        return page[begin..page.IndexOf('"', begin)];
    }

    private async Task<(ClaimsPrincipal User, Guid Id)> PersonAsync(string name, string role)
    {
        var id = await portal.AddPersonAsync(name, role);
        return (new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, id.ToString())], "test")), id);
    }

    private async Task<string[]> AuditAsync(Guid person)
    {
        await using var scope = portal.Services.CreateAsyncScope();
        var records = await scope.ServiceProvider.GetRequiredService<PortalDbContext>().AuditLog
            .Where(record => record.ActorId == person)
            .OrderBy(record => record.Id)
            .ToListAsync();
        return [.. records.Where(record => record.Action.StartsWith("image", StringComparison.Ordinal))
            .Select(record => $"{record.Action} {record.Outcome} {record.Detail}")];
    }
}
