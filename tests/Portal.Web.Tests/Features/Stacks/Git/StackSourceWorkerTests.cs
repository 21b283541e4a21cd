using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Data;
using Portal.Testing;
using Portal.Web.Features.Alerts.Rules;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Stacks.Sources;

namespace Portal.Web.Tests.Features.Stacks.Git;

/// <summary>Looks at repositories that nobody asks for.</summary>
public sealed class StackSourceWorkerTests(SourcePortal portal) : IClassFixture<SourcePortal>
{
    private StackSourceDirectory Sources => portal.Services.GetRequiredService<StackSourceDirectory>();

    [Fact]
    public async Task Push_IsSeenByTheNextLook()
    {
        var (user, id, name) = await portal.StackAsync();
        await portal.World.CommitAsync(name, ("compose.yaml", "services: {web: {image: one}}\n"));
        var input = portal.Input(name);
        input.PollSeconds = 60;
        await Sources.SaveAsync(user, id, input, default);

        await Eventually.HoldsAsync(async () => (await Sources.FindAsync(user, id, default))!.Commit.Length > 0);
        var first = (await Sources.FindAsync(user, id, default))!;
        var commit = await portal.World.CommitAsync(name, ("compose.yaml", "services: {web: {image: two}}\n"));
        await SetAsync(id, DateTimeOffset.UtcNow.AddSeconds(-1));
        await Eventually.HoldsAsync(async () => (await Sources.FindAsync(user, id, default))!.Commit == commit);

        Assert.InRange(first.NextAt!.Value - first.FetchedAt!.Value, TimeSpan.FromSeconds(53), TimeSpan.FromSeconds(67));
        var revisions = (await portal.Services.GetRequiredService<StackDirectory>().FindAsync(user, id, default))!.Value.Revisions;
        Assert.Equal(3, revisions.Count);
    }

    [Fact]
    public async Task Look_OfAPortalThatIsGone_IsTakenByAnother()
    {
        var (user, id, name) = await portal.StackAsync();
        await portal.World.CommitAsync(name, ("compose.yaml", "services: {web: {image: one}}\n"));
        await Sources.SaveAsync(user, id, portal.Input(name), default);
        var (taken, time) = (new List<Guid?>(), new LateTime());
        var worker = new StackSourceWorker(
            portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>(),
            portal.Services.GetRequiredService<StackSources>(), time, NullLogger<StackSourceWorker>.Instance);

        // Far from now, so that the portal's own looks take no part in it; and alone.
        await using (var database = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync())
        {
            await database.StackSources.ExecuteUpdateAsync(row => row.SetProperty(source => source.NextAt, (DateTimeOffset?)null));
        }

        await SetAsync(id, DateTimeOffset.UtcNow.AddHours(1));
        foreach (var minutes in new[] { 59, 61, 62, 70 })
        {
            time.Ahead = TimeSpan.FromMinutes(minutes);
            taken.Add((await worker.TakeAsync(default))?.StackId);
        }

        Assert.Equal([null, id, null, id], taken);
    }

    [Fact]
    public async Task Look_ThatIsLateOrFails_IsAnAlert()
    {
        var (user, id, name) = await portal.StackAsync();
        var (_, other, otherName) = await portal.StackAsync();
        await Sources.SaveAsync(user, id, portal.Input(name), default);
        await Sources.SaveAsync(user, other, portal.Input(otherName), default);
        await Sources.RefreshAsync(user, id, default);
        var states = portal.Services.GetRequiredService<StackSourceStates>();
        var observer = portal.Services.GetRequiredService<AlertObserver>();
        await using var database = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        await database.StackSources.Where(source => source.StackId == other).ExecuteUpdateAsync(row => row
            .SetProperty(source => source.NextAt, DateTimeOffset.UtcNow.AddMinutes(-6))
            .SetProperty(source => source.ClaimedUntil, DateTimeOffset.UtcNow.AddHours(1)));

        await states.ReadAsync(default);
        var seen = observer.Observe(new AlertCondition { Kind = AlertKind.StackSource }).ToDictionary(item => item.Subject);

        var (failing, late) = (seen[$"stack:{id}"], seen[$"stack:{other}"]);
        Assert.Equal((Verdict.Bad, Verdict.Bad, name), (failing.Verdict, late.Verdict, failing.Name));
        Assert.StartsWith("fails for ", failing.Value, StringComparison.Ordinal);
        Assert.Equal("late by 6 min", late.Value);
        Assert.True((await Sources.FindAsync(user, other, default))!.IsLate);
        var elsewhere = new AlertCondition { Kind = AlertKind.StackSource, NodeIds = [Guid.NewGuid()] };
        Assert.Empty(observer.Observe(elsewhere));
    }

    private async Task SetAsync(Guid id, DateTimeOffset next)
    {
        await using var database = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        await database.StackSources.Where(source => source.StackId == id)
            .ExecuteUpdateAsync(row => row.SetProperty(source => source.NextAt, next));
    }

    private sealed class LateTime : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
    }
}
