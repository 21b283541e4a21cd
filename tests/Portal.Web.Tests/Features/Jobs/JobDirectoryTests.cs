using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Features.Jobs;

namespace Portal.Web.Tests.Features.Jobs;

[Collection(JobCollection.Name)]
public sealed class JobDirectoryTests(JobPortal portal)
{
    [Fact]
    public async Task Job_OfWhoMayNot_IsNotThereAndNotChanged()
    {
        var id = await portal.Directory.SaveAsync(portal.Admin, null, portal.Draft(), default);
        var other = await portal.Portal.AddNodeAsync($"elsewhere-{id:N}"[..20]);
        var viewer = await portal.PersonAsync($"viewer-{id:N}", BuiltInRoles.Viewer);
        var developer = await portal.PersonAsync($"developer-{id:N}", BuiltInRoles.Developer);
        var elsewhere = await portal.PersonAsync($"elsewhere-{id:N}", BuiltInRoles.Deployer, other);

        Assert.Null(await portal.Directory.FindAsync(viewer, id, default));
        Assert.NotNull(await portal.Directory.FindAsync(developer, id, default));
        Assert.Null(await portal.Directory.FindAsync(elsewhere, id, default));
        Assert.Null(await portal.Directory.RunsAsync(elsewhere, id, null, 10, default));
        Assert.DoesNotContain(await portal.Directory.ListAsync(elsewhere, default), line => line.Id == id);
        await Assert.ThrowsAsync<AccessDeniedException>(() => portal.Directory.RunNowAsync(developer, id, default));
        foreach (var person in (ClaimsPrincipal[])[viewer, elsewhere])
        {
            await Assert.ThrowsAsync<AccessDeniedException>(() => portal.Directory.SaveAsync(person, null, portal.Draft(), default));
            await Assert.ThrowsAsync<JobException>(() => portal.Directory.SaveAsync(person, id, portal.Draft(), default));
            await Assert.ThrowsAsync<JobException>(() => portal.Directory.RunNowAsync(person, id, default));
            await Assert.ThrowsAsync<JobException>(() => portal.Directory.SetEnabledAsync(person, id, false, default));
            await Assert.ThrowsAsync<JobException>(() => portal.Directory.RemoveAsync(person, id, default));
        }

        Assert.True((await portal.Directory.FindAsync(portal.Admin, id, default))!.Job.Enabled);
    }

    public static TheoryData<string, string[]> Needs => new()
    {
        { "prune-images", [PermissionNames.ImagesRemove] },
        { "prune-containers", [PermissionNames.NodesView, PermissionNames.ContainersRemove] },
        { "volume", [PermissionNames.VolumesBackup] },
        { "restart", [PermissionNames.ContainersRestart] },
        { "command", [PermissionNames.ContainersExec] },
    };

    [Theory]
    [MemberData(nameof(Needs))]
    public void Kind_NeedsWhatDoingItByHandNeeds(string what, string[] permissions)
    {
        var (kind, settings) = Of(what);

        Assert.Equal(permissions, settings.NeededFor(kind));
        Assert.Empty(settings.Problems(kind));
    }

    [Fact]
    public async Task Save_ByWhoMayNotDoItByHand_IsRefused()
    {
        // Deployers remove containers, and no images.
        var deployer = await portal.PersonAsync($"deployer-{Guid.NewGuid():N}", BuiltInRoles.Deployer);
        var (kind, images) = Of("prune-images");
        var mine = await portal.Directory.SaveAsync(deployer, null, portal.Draft(kind, Of("prune-containers").Settings), default);
        var denied = await Assert.ThrowsAsync<AccessDeniedException>(
            () => portal.Directory.SaveAsync(deployer, null, portal.Draft(kind, images), default));

        Assert.Equal(PermissionNames.ImagesRemove, denied.Permission);
        await Assert.ThrowsAsync<AccessDeniedException>(
            () => portal.Directory.SaveAsync(deployer, mine, portal.Draft(kind, images), default));

        // Another's job, which that one may do and this one may not, is neither run nor switched on by this one.
        var others = await portal.Directory.SaveAsync(portal.Admin, null, portal.Draft(kind, images), default);
        await Assert.ThrowsAsync<AccessDeniedException>(() => portal.Directory.RunNowAsync(deployer, others, default));
        await portal.Directory.SetEnabledAsync(deployer, others, false, default);
        await Assert.ThrowsAsync<AccessDeniedException>(() => portal.Directory.SetEnabledAsync(deployer, others, true, default));
        Assert.Null((await portal.Directory.FindAsync(deployer, others, default))!.Job.NextAt);
    }

    [Fact]
    public async Task Save_WhatIsWrong_IsRefused()
    {
        var draft = portal.Draft();
        JobDraft[] wrong =
        [
            draft with { Name = " " }, draft with { Name = new string('x', 129) }, draft with { Name = "a\u0007" },
            draft with { NodeId = null }, draft with { EnvironmentId = Guid.NewGuid() }, draft with { Cron = "never" },
            draft with { TimeZone = "Nowhere" }, draft with { Settings = new JobSettings() },
            draft with { Settings = new JobSettings { Container = "../x" } },
            draft with { Settings = draft.Settings with { TimeoutMinutes = 0 } },
            draft with { Kind = JobKind.Prune, Settings = new JobSettings() },
            draft with { Kind = JobKind.VolumeBackup, Settings = new JobSettings { Volume = "data", Keep = 0 } },
            draft with { Kind = JobKind.Command, Settings = new JobSettings { Container = "web" } },
            draft with { Kind = JobKind.Command, Settings = new JobSettings { Container = "web", Command = ["a\0"] } },
            draft with { Kind = JobKind.RestartStack, Settings = new JobSettings { StackId = Guid.NewGuid() } },
            draft with { NodeId = Guid.NewGuid() },
        ];

        foreach (var one in wrong)
        {
            await Assert.ThrowsAsync<JobException>(() => portal.Directory.SaveAsync(portal.Admin, null, one, default));
        }
    }

    internal static (JobKind Kind, JobSettings Settings) Of(string what) => what switch
    {
        "prune-images" => (JobKind.Prune, new JobSettings { Images = true, BuildCache = true }),
        "prune-containers" => (JobKind.Prune, new JobSettings { Containers = true, OlderThanHours = 1 }),
        "volume" => (JobKind.VolumeBackup, new JobSettings { Volume = "data", Keep = 2 }),
        "restart" => (JobKind.RestartContainer, new JobSettings { Container = "web" }),
        _ => (JobKind.Command, new JobSettings { Container = "web", Command = ["echo", "a b"] }),
    };
}
