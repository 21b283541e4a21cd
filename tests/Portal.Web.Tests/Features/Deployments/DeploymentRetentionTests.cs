using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Data;
using Portal.Data.Entities.Deployments;
using Portal.Data.Entities.Stacks;
using Portal.Web.Features.Deployments.Keeping;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Deployments;

public sealed class DeploymentRetentionTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private static readonly DeploymentKeeping s_keeping = new(3, TimeSpan.FromDays(100), TimeSpan.FromDays(10));

    [Fact]
    public async Task Forget_MoreThanAreKept_LeavesTheNewestAndWhatOneGoesBackTo()
    {
        var stack = await StackAsync();
        Guid[] made =
        [
            await DeployAsync(stack, 9, "Succeeded"), await DeployAsync(stack, 8, "Succeeded"), await DeployAsync(stack, 7, "Failed"),
            await DeployAsync(stack, 6, "Failed", "Stop"), await DeployAsync(stack, 5, "Failed"), await DeployAsync(stack, 4, "RolledBack"),
        ];

        await ForgetAsync();

        // The newest three, and the last that succeeded, though it is older.
        Assert.Equal([made[5], made[4], made[3], made[1]], await LeftAsync(stack));
    }

    [Fact]
    public async Task Forget_WhatIsOld_LeavesTheNewestTheLastGoodAndWhatIsOpen()
    {
        var stack = await StackAsync();
        var open = await DeployAsync(stack, 500, "Queued");
        var good = await DeployAsync(stack, 400, "Succeeded");
        await DeployAsync(stack, 300, "Failed");
        var newest = await DeployAsync(stack, 200, "Failed");

        await ForgetAsync();

        Assert.Equal([newest, good, open], await LeftAsync(stack));
        Assert.Equal([newest, good, open], await WithLogAsync(stack));
    }

    [Fact]
    public async Task Forget_OldLogs_LeavesTheirDeploymentsAndTheLogOfTheLastGood()
    {
        var stack = await StackAsync();
        var good = await DeployAsync(stack, 60, "Succeeded");
        var old = await DeployAsync(stack, 50, "Failed");
        var recent = await DeployAsync(stack, 5, "Failed");

        await ForgetAsync();

        Assert.Equal([recent, old, good], await LeftAsync(stack));
        Assert.Equal([recent, good], await WithLogAsync(stack));
    }

    [Theory]
    [InlineData("200,365d,90d", true)]
    [InlineData("1,1d,1d", true)]
    [InlineData("", false)]
    [InlineData("200", false)]
    [InlineData("0,365d,90d", false)]
    [InlineData("200,30d,90d", false)]
    [InlineData("200,365h,90d", false)]
    [InlineData("-1,365d,90d", false)]
    [InlineData("200,99999d,90d", false)]
    public void Parse_OfASetting_TakesWhatCanBeMeant(string text, bool good) =>
        Assert.Equal(good, DeploymentKeeping.Parse(text) is not null);

    private Task ForgetAsync() => DeploymentRetention.ForgetAsync(
        portal.Services.GetRequiredService<NpgsqlDataSource>(), s_keeping, TimeProvider.System.GetUtcNow(), default);

    private async Task<PortalDbContext> OpenAsync() =>
        await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();

    private async Task<Guid> StackAsync()
    {
        var id = Guid.CreateVersion7();
        var node = await portal.AddNodeAsync($"node-{id:N}"[..20]);
        await using var database = await OpenAsync();
        database.Stacks.Add(new Stack { Id = id, Name = $"stack-{id:N}"[..20], NodeId = node, CreatedAt = TimeProvider.System.GetUtcNow() });
        await database.SaveChangesAsync();
        return id;
    }

    private async Task<Guid> DeployAsync(Guid stack, int daysAgo, string state, string operation = "Deploy")
    {
        var at = TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(daysAgo);
        var row = new Deployment
        {
            Id = Guid.CreateVersion7(), StackId = stack, Operation = operation, State = state, CreatedAt = at,
            FinishedAt = state == "Queued" ? null : at,
        };
        await using var database = await OpenAsync();
        database.Deployments.Add(row);
        database.DeploymentLines.Add(new DeploymentLine { DeploymentId = row.Id, WrittenAt = at, Text = "said" });
        database.DeploymentSteps.Add(new DeploymentStep { DeploymentId = row.Id, Number = 1 });
        await database.SaveChangesAsync();
        return row.Id;
    }

    private async Task<Guid[]> LeftAsync(Guid stack)
    {
        await using var database = await OpenAsync();
        return await database.Deployments.Where(row => row.StackId == stack).OrderByDescending(row => row.CreatedAt)
            .Select(row => row.Id).ToArrayAsync();
    }

    private async Task<Guid[]> WithLogAsync(Guid stack)
    {
        await using var database = await OpenAsync();
        return await database.Deployments
            .Where(row => row.StackId == stack && database.DeploymentLines.Any(line => line.DeploymentId == row.Id))
            .OrderByDescending(row => row.CreatedAt).Select(row => row.Id).ToArrayAsync();
    }
}
