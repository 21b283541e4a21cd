using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Builds.V1;
using Portal.Contracts.Consoles.V1;
using Portal.Contracts.Containers.V1;
using Portal.Contracts.Docker.V1;
using Portal.Contracts.Images.V1;
using Portal.Contracts.Permissions;
using Portal.Contracts.Permissions.Docker;
using Portal.Contracts.Volumes.V1;
using Portal.Testing;
using Portal.Web.Access;
using Portal.Web.Encryption.Age;
using Portal.Web.Features.Jobs;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Features.Volumes;
using Portal.Web.Features.Volumes.Listing;
using Portal.Web.Features.Volumes.Transfers;

namespace Portal.Web.Tests.Features.Jobs;

[Collection(JobCollection.Name)]
public sealed class JobRunTests(JobPortal portal)
{
    [Fact]
    public async Task Schedule_MissedOften_IsRunOnceAndTold()
    {
        var id = await portal.Directory.SaveAsync(portal.Admin, null, portal.Draft() with { Cron = "* * * * *" }, default);
        var due = await portal.DueAsync(id, TimeSpan.FromMinutes(30));

        await QueueAllAsync();

        var run = Assert.Single(await portal.RunsAsync(id));
        Assert.Equal((JobRunState.Queued, JobCause.Missed, due), (run.State, run.Cause, run.DueAt));
        Assert.Matches("nor (29|30) times since; it is done once", run.CauseText);
        Assert.True((await portal.Directory.FindAsync(portal.Admin, id, default))!.Job.NextAt > TimeProvider.System.GetUtcNow());
        await EndAsync(id);
    }

    [Fact]
    public async Task Schedule_WhileARunIsOpen_IsSkippedAndTold()
    {
        var id = await portal.Directory.SaveAsync(portal.Admin, null, portal.Draft(), default);
        await portal.Directory.RunNowAsync(portal.Admin, id, default);
        await Assert.ThrowsAsync<JobException>(() => portal.Directory.RunNowAsync(portal.Admin, id, default));
        await portal.DueAsync(id, TimeSpan.FromSeconds(1));

        await QueueAllAsync();

        Assert.Equal([JobRunState.Queued, JobRunState.Skipped], (await portal.RunsAsync(id)).Select(run => run.State));
        await EndAsync(id);
    }

    [Fact]
    public async Task Due_WithTwoPortals_IsDoneOnceInTheNameOfWhoSavedIt()
    {
        var node = await portal.Portal.AddNodeAsync($"twice-{Guid.NewGuid():N}"[..20]);
        var ids = new List<Guid>();
        for (var number = 0; number < 6; number++)
        {
            var settings = new JobSettings { Container = $"web-{number}" };
            ids.Add(await portal.Directory.SaveAsync(portal.Admin, null, portal.Draft(settings: settings) with { NodeId = node }, default));
            await portal.DueAsync(ids[^1], TimeSpan.FromSeconds(1));
        }

        await using var one = portal.CreateWorker();
        await using var two = portal.CreateWorker();
        await Task.WhenAll(one.StartAsync(default), two.StartAsync(default));
        foreach (var id in ids)
        {
            Assert.Equal(JobRunState.Succeeded, (await portal.EndedAsync(id)).State);
            Assert.Single(await portal.RunsAsync(id));
        }

        await Task.WhenAll(one.StopAsync(default), two.StopAsync(default));
        var asked = portal.Nodes.Asked<RestartContainerRequest>(node).ToList();
        Assert.Equal(6, asked.Count);
        Assert.Equal(6, asked.Select(item => item.Request.Container).Distinct().Count());
        Assert.All(asked, item => Assert.StartsWith("job-admin (job '", item.Actor, StringComparison.Ordinal));
        Assert.All(asked, item => Assert.Equal([PermissionNames.ContainersRestart], item.Permissions));
    }

    [Fact]
    public async Task Run_OfEachKind_AsksTheNodeAndKeepsWhatItSaid()
    {
        var node = await portal.Portal.AddNodeAsync($"kinds-{Guid.NewGuid():N}"[..20]);
        await using var worker = portal.CreateWorker();
        await worker.StartAsync(default);

        var images = await RunAsync(worker, node, "prune-images");
        Assert.Equal((JobRunState.Succeeded, "3 KiB freed on 1 of 1 node."), (images.Run.State, images.Run.Message));
        Assert.Contains("2 images removed", images.Run.Log, StringComparison.Ordinal);
        Assert.False(Assert.Single(portal.Nodes.Asked<PruneImagesRequest>(node)).Request.Filter.All);
        Assert.Single(portal.Nodes.Asked<PruneCacheRequest>(node));

        var containers = await RunAsync(worker, node, "prune-containers");
        Assert.Equal(JobRunState.Succeeded, containers.Run.State);
        Assert.Contains("2 stopped containers removed, 4 KiB", containers.Run.Log, StringComparison.Ordinal);
        var sent = Assert.Single(portal.Nodes.Asked<SendRequest>(node));
        var head = sent.Request.Head;
        var rule = DockerRules.Find("POST", "/containers/prune", head.Query)!;
        Assert.Empty(rule.Needs(default).Except(sent.Permissions));
        Assert.Equal("/v1.47/containers/prune", head.Path);
        Assert.StartsWith("""?filters={"until":["20""", Uri.UnescapeDataString(head.Query), StringComparison.Ordinal);

        var command = await RunAsync(worker, node, "command");
        Assert.Equal((JobRunState.Succeeded, "hello\n"), (command.Run.State, command.Run.Log));
        Assert.Equal(["echo", "a b"], Assert.Single(portal.Nodes.Asked<OpenConsoleRequest>(node)).Request.Open.Command);

        var volume = await RunAsync(worker, node, "volume");
        Assert.Equal((JobRunState.Succeeded, 7L), (volume.Run.State, volume.Run.ArchiveBytes));
        var archive = await portal.Directory.OpenArchiveAsync(portal.Admin, volume.Job, volume.Run.Id, default);
        using (var reader = new StreamReader(archive!.Value.Content))
        {
            Assert.Equal("archive", await reader.ReadToEndAsync());
        }

        // Whoever may see the job, and not do the same by hand, sees neither what it said nor its archive.
        var developer = await portal.PersonAsync($"developer-{node:N}", BuiltInRoles.Developer);
        Assert.Equal("", (await portal.Directory.FindRunAsync(developer, volume.Job, volume.Run.Id, default))!.Log);
        await Assert.ThrowsAsync<AccessDeniedException>(
            () => portal.Directory.OpenArchiveAsync(developer, volume.Job, volume.Run.Id, default));
        await portal.Directory.RemoveAsync(portal.Admin, volume.Job, default);
        Assert.False(Directory.Exists(Path.Combine(portal.Portal.DataFolder, "portal", "jobs", volume.Job.ToString())));
        await worker.StopAsync(default);
    }

    [Fact]
    public async Task VolumeBackup_ForAKey_IsReadAndRestoredWithItAlone()
    {
        await using var worker = portal.CreateWorker();
        await worker.StartAsync(default);
        var node = await portal.Portal.AddNodeAsync($"sealed-{Guid.NewGuid():N}"[..20]);
        var identity = AgeIdentity.Make();
        var settings = new JobSettings { Volume = "data", Recipients = [identity.Recipient.ToString(), AgeIdentity.Make().Recipient.ToString()] };

        var (job, run) = await RunAsync(worker, node, JobKind.VolumeBackup, settings);
        Assert.Equal(JobRunState.Succeeded, run.State);
        Assert.EndsWith("data.tar.zst.age", run.Archive, StringComparison.Ordinal);
        using var sealedFile = new MemoryStream();
        await using (var file = (await portal.Directory.OpenArchiveAsync(portal.Admin, job, run.Id, default))!.Value.Content)
        {
            await file.CopyToAsync(sealedFile);
        }

        Assert.Equal(-1, sealedFile.ToArray().AsSpan().IndexOf("archive"u8));

        // What reaches the node is the archive in the clear, and with another key nothing does that it could take for whole.
        var volumes = worker.Services.GetRequiredService<VolumeCommands>();
        var (bytes, left) = await RestoreAsync(identity);
        Assert.Equal(("archive", null), (Encoding.UTF8.GetString(bytes), left));
        var refused = await Assert.ThrowsAsync<NodeCallException>(() => RestoreAsync(AgeIdentity.Make()));
        Assert.Contains("not encrypted for this key", refused.Message, StringComparison.Ordinal);
        sealedFile.GetBuffer()[sealedFile.Length - 1] ^= 1;
        refused = await Assert.ThrowsAsync<NodeCallException>(() => RestoreAsync(identity));
        Assert.Contains("damaged", refused.Message, StringComparison.Ordinal);
        await EndAsync(job);
        await worker.StopAsync(default);

        async Task<(byte[] Bytes, AgeIdentity? Left)> RestoreAsync(AgeIdentity key)
        {
            using var transfer = new VolumeTransfer("admin", VolumeTransferKind.Restore, new VolumeKey(node, "data"), TimeProvider.System)
            {
                Create = true, Identity = key,
            };
            sealedFile.Position = 0;
            await volumes.RestoreAsync(portal.Admin, transfer, sealedFile, default);
            var sent = portal.Nodes.Asked<RestoreVolumeRequest>(node).SelectMany(item => item.Request.Data.ToByteArray());
            return ([.. sent], transfer.Identity);
        }
    }

    [Fact]
    public void Recipients_ThatAreNone_AreToldByName()
    {
        var settings = new JobSettings { Volume = "data", Recipients = ["age1nonsense"] };
        Assert.Contains("'age1nonsense' is no public key", Assert.Single(settings.Problems(JobKind.VolumeBackup)), StringComparison.Ordinal);
        var many = settings with { Recipients = [.. Enumerable.Range(0, 21).Select(_ => AgeIdentity.Make().Recipient.ToString())] };
        Assert.Single(many.Problems(JobKind.VolumeBackup));
    }

    [Fact]
    public async Task Run_ThatFails_SaysWhy()
    {
        await using var worker = portal.CreateWorker();
        await worker.StartAsync(default);
        var gone = await RunAsync(worker, portal.NodeId, JobKind.RestartContainer, new JobSettings { Container = "gone" });
        var wrong = await RunAsync(worker, portal.NodeId, JobKind.Command, new JobSettings { Container = "web", Command = ["false"] });
        await worker.StopAsync(default);

        Assert.Equal((JobRunState.Failed, "no such container: gone"), (gone.Run.State, gone.Run.Message));
        Assert.Equal((JobRunState.Failed, "The program ended with exit code 1."), (wrong.Run.State, wrong.Run.Message));
    }

    [Fact]
    public async Task Run_WhenWhoSavedItLostTheRight_IsRefused()
    {
        var name = $"leaver-{Guid.NewGuid():N}";
        var person = await portal.PersonAsync(name, BuiltInRoles.Deployer);
        var id = await portal.Directory.SaveAsync(person, null, portal.Draft(settings: new JobSettings { Container = name }), default);
        await using (var database = await portal.OpenAsync())
        {
            await database.Grants.Where(grant => grant.UserId == person.UserId()).ExecuteDeleteAsync();
        }

        await portal.Directory.RunNowAsync(portal.Admin, id, default);
        await using var worker = portal.CreateWorker();
        await worker.StartAsync(default);
        var run = await portal.EndedAsync(id);
        await worker.StopAsync(default);

        Assert.Equal(JobRunState.Refused, run.State);
        Assert.Contains($"{name}, who saved the job, does not have 'containers.restart'", run.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(portal.Nodes.Asked<RestartContainerRequest>(portal.NodeId), item => item.Request.Container == name);
    }

    [Fact]
    public async Task Run_WhosePortalIsGone_IsRepeatedOnlyWhereThatDoesNoHarm()
    {
        var (kind, settings) = JobDirectoryTests.Of("prune-images");
        var prune = await portal.Directory.SaveAsync(portal.Admin, null, portal.Draft(kind, settings), default);
        var restart = await portal.Directory.SaveAsync(portal.Admin, null, portal.Draft(), default);
        foreach (var id in (Guid[])[prune, restart])
        {
            await portal.Directory.RunNowAsync(portal.Admin, id, default);
            await using var database = await portal.OpenAsync();
            var dead = Guid.NewGuid();
            await database.Database.ExecuteSqlAsync($"""
                update job_runs set state = 'Running', attempt = 1, worker_id = {dead}, started_at = now(),
                    lease_until = now() - interval '1 second' where job_id = {id}
                """);
        }

        await using var worker = portal.CreateWorker();
        await worker.StartAsync(default);
        var (again, broken) = (await portal.EndedAsync(prune), await portal.EndedAsync(restart));
        await worker.StopAsync(default);

        Assert.Equal((JobRunState.Succeeded, 2), (again.State, again.Attempt));
        Assert.Equal((JobRunState.Failed, 1), (broken.State, broken.Attempt));
        Assert.Contains("not begun again by itself", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WhenItsPortalStops_IsEndedByTheNext()
    {
        var name = $"held-{Guid.NewGuid():N}";
        var held = portal.Nodes.Held[name] = new TaskCompletionSource();
        var draft = portal.Draft(settings: new JobSettings { Container = name });
        var id = await portal.Directory.SaveAsync(portal.Admin, null, draft, default);
        await portal.Directory.RunNowAsync(portal.Admin, id, default);
        await using (var first = portal.CreateWorker())
        {
            await first.StartAsync(default);
            await Eventually.HoldsAsync(
                () => portal.Nodes.Asked<RestartContainerRequest>(portal.NodeId).Any(item => item.Request.Container == name),
                "the node was asked");
            await first.StopAsync(default);
        }

        await using var second = portal.CreateWorker();
        await second.StartAsync(default);
        var run = await portal.EndedAsync(id);
        await second.StopAsync(default);
        held.SetResult();

        Assert.Equal(JobRunState.Failed, run.State);
        Assert.Single(portal.Nodes.Asked<RestartContainerRequest>(portal.NodeId), item => item.Request.Container == name);
    }

    private Task<(Guid Job, Data.Entities.Jobs.JobRun Run)> RunAsync(PortalApplication worker, Guid node, string what)
    {
        var (kind, settings) = JobDirectoryTests.Of(what);
        return RunAsync(worker, node, kind, settings);
    }

    private async Task<(Guid Job, Data.Entities.Jobs.JobRun Run)> RunAsync(
        PortalApplication worker, Guid node, JobKind kind, JobSettings settings)
    {
        // Asked there, it is done there at once; another portal would see it at its next look.
        var directory = worker.Services.GetRequiredService<JobDirectory>();
        var id = await directory.SaveAsync(portal.Admin, null, portal.Draft(kind, settings) with { NodeId = node }, default);
        await directory.RunNowAsync(portal.Admin, id, default);
        return (id, await portal.EndedAsync(id));
    }

    private async Task QueueAllAsync()
    {
        while (await portal.Store.ScheduleAsync(default))
        {
            // Until nothing is due.
        }
    }

    // Not for the workers of the tests after this one.
    private Task EndAsync(Guid id) => portal.Directory.RemoveAsync(portal.Admin, id, default);
}
