using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Data;
using Portal.Data.Entities.Jobs;
using Portal.Testing;
using Portal.Web.Access;
using Portal.Web.Features.Jobs;
using Portal.Web.Features.Jobs.Running;
using Portal.Web.Nodes;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Jobs;

/// <summary>The whole portal with nodes that only note what they are asked. It does no job by itself.</summary>
public sealed class JobPortal : IAsyncLifetime
{
    private int _number;

    public JobPortal() => Portal = new TestPortal { Overrides = Override };

    public TestPortal Portal { get; }

    internal JobNodes Nodes { get; } = new();

    internal ClaimsPrincipal Admin { get; private set; } = new();

    public Guid NodeId { get; private set; }

    internal JobDirectory Directory => Portal.Services.GetRequiredService<JobDirectory>();

    internal JobStore Store => Portal.Services.GetRequiredService<JobStore>();

    public async Task InitializeAsync()
    {
        await Portal.InitializeAsync();
        NodeId = await Portal.AddNodeAsync("job-node");
        Admin = await PersonAsync("job-admin", BuiltInRoles.Administrator);
    }

    public Task DisposeAsync() => Portal.DisposeAsync();

    /// <summary>A further portal on the same database, which does jobs; it is the caller's to start and end.</summary>
    internal PortalApplication CreateWorker() => Portal.Create([], builder => builder.Services.AddHostedService<JobWorker>());

    internal async Task<ClaimsPrincipal> PersonAsync(string name, string role, Guid? nodeId = null) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, (await Portal.AddPersonAsync(name, role, nodeId)).ToString()),
            new Claim(ClaimTypes.Name, name),
        ],
        "test"));

    internal JobDraft Draft(JobKind kind = JobKind.RestartContainer, JobSettings? settings = null) => new(
        $"job {Interlocked.Increment(ref _number)}", kind, settings ?? new JobSettings { Container = "web" }, null, NodeId, "0 0 29 2 *",
        "UTC");

    internal async Task<PortalDbContext> OpenAsync() =>
        await Portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();

    /// <summary>As if the job's time had come so long ago.</summary>
    internal async Task<DateTimeOffset> DueAsync(Guid job, TimeSpan ago)
    {
        // PostgreSQL keeps microseconds.
        var now = TimeProvider.System.GetUtcNow() - ago;
        var due = new DateTimeOffset(now.Ticks - (now.Ticks % 10), TimeSpan.Zero);
        await using var database = await OpenAsync();
        await database.ScheduledJobs.Where(row => row.Id == job)
            .ExecuteUpdateAsync(row => row.SetProperty(item => item.NextAt, due));
        return due;
    }

    internal async Task<IReadOnlyList<JobRun>> RunsAsync(Guid job)
    {
        await using var database = await OpenAsync();
        return await database.JobRuns.AsNoTracking().Where(run => run.JobId == job).OrderBy(run => run.Id).ToListAsync();
    }

    /// <summary>The newest run of a job, once it has ended.</summary>
    internal async Task<JobRun> EndedAsync(Guid job)
    {
        await Eventually.HoldsAsync(
            async () => (await RunsAsync(job)) is [.., { FinishedAt: not null }], "the run has ended");
        return (await RunsAsync(job))[^1];
    }

    private void Override(WebApplicationBuilder builder)
    {
        builder.Services.RemoveAll<INodeClients>();
        builder.Services.AddSingleton<INodeClients>(Nodes);
        builder.Services.Remove(builder.Services.Single(service => service.ImplementationType == typeof(JobWorker)));
    }
}
