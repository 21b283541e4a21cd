using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Jobs;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Features.Rest.Stored;

namespace Portal.Web.Features.Rest.Jobs;

/// <summary>Scheduled jobs and their runs.</summary>
internal static class JobEndpoints
{
    private const string Job = "/jobs/{jobId:guid}";
    private const string Run = Job + "/runs/{runId:guid}";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/jobs", ListAsync)
            .Needs(PermissionNames.JobsView).Says<Page<JobItem>>("listJobs", "Scheduled jobs where you may see them.");
        api.MapPost("/jobs", CreateAsync)
            .Needs(PermissionNames.JobsEdit).Says<JobMade>("createJob", "Makes a job of what you may do yourself.", 201);
        api.MapGet(Job, FindAsync).Needs(PermissionNames.JobsView).Says<JobItem>("getJob", "A job, with an ETag.");
        api.MapPut(Job, UpdateAsync)
            .Needs(PermissionNames.JobsEdit).Does("updateJob", "Changes a job, which is done in your name from then on. Wants If-Match.");
        api.MapDelete(Job, RemoveAsync).Needs(PermissionNames.JobsEdit).Does("removeJob", "Removes a job with its runs and archives.");
        api.MapPost(Job + "/resume", (Guid jobId, HttpContext context, JobDirectory directory) =>
                SwitchAsync(jobId, context, directory, true))
            .Needs(PermissionNames.JobsEdit).Does("resumeJob", "Lets a paused job go on.");
        api.MapPost(Job + "/pause", (Guid jobId, HttpContext context, JobDirectory directory) =>
                SwitchAsync(jobId, context, directory, false))
            .Needs(PermissionNames.JobsEdit).Does("pauseJob", "Pauses a job; what would be due meanwhile is not made up for.");
        api.MapPost(Job + "/run", RunAsync)
            .Needs(PermissionNames.JobsEdit).Says<JobMade>("runJob", "Runs a job now; answers with the run's id.", 201);
        api.MapGet(Job + "/runs", RunsAsync)
            .Needs(PermissionNames.JobsView).Says<Page<JobRunItem>>("listJobRuns", "Runs of a job, newest first.");
        api.MapGet(Run, FindRunAsync).Needs(PermissionNames.JobsView).Says<JobRunDetail>("getJobRun", "A run with what it said.");
        api.MapGet(Run + "/archive", DownloadAsync)
            .Needs(PermissionNames.JobsView).WithName("downloadJobArchive")
            .WithSummary("The archive that a run left. Takes what making one by hand takes.")
            .Produces(StatusCodes.Status200OK, contentType: "application/octet-stream");
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] PageQuery page, ClaimsPrincipal user, JobDirectory directory, CancellationToken cancellationToken) =>
        RestResults.Ok(page.Cut(await directory.ListAsync(user, cancellationToken), line => line.Id.ToString(), JobItem.Of));

    private static async Task<IResult> CreateAsync(RestBody<JobBody> body, HttpContext context, JobDirectory directory)
    {
        var id = await TryAsync(() => directory.SaveAsync(context.User, null, body.Value.ToDraft(), CancellationToken.None));
        return RestResults.Created(context, $"/jobs/{id}", new JobMade(id));
    }

    private static async Task<IResult> FindAsync(Guid jobId, HttpContext context, JobDirectory directory)
    {
        var item = await ReadAsync(context, directory, jobId);
        context.Response.Headers.ETag = EntityTags.Of(item.Stored());
        return RestResults.Ok(item);
    }

    private static async Task<IResult> UpdateAsync(
        Guid jobId, RestBody<JobBody> body, HttpContext context, JobDirectory directory, StoredChanges changes)
    {
        await changes.RunAsync(
            context,
            $"job {jobId}",
            async () => (await ReadAsync(context, directory, jobId)).Stored(),
            _ => TryAsync(() => directory.SaveAsync(context.User, jobId, body.Value.ToDraft(), CancellationToken.None)));
        return RestResults.NoContent();
    }

    private static async Task<IResult> RemoveAsync(Guid jobId, HttpContext context, JobDirectory directory, StoredChanges changes)
    {
        await changes.RunAsync(
            context,
            $"job {jobId}",
            async () => (await ReadAsync(context, directory, jobId)).Stored(),
            _ => TryAsync(() => DoneAsync(directory.RemoveAsync(context.User, jobId, CancellationToken.None))),
            required: false);
        return RestResults.NoContent();
    }

    private static async Task<IResult> SwitchAsync(Guid jobId, HttpContext context, JobDirectory directory, bool enabled)
    {
        await ReadAsync(context, directory, jobId);
        await TryAsync(() => DoneAsync(directory.SetEnabledAsync(context.User, jobId, enabled, CancellationToken.None)));
        return RestResults.NoContent();
    }

    private static async Task<IResult> RunAsync(Guid jobId, HttpContext context, JobDirectory directory)
    {
        await ReadAsync(context, directory, jobId);
        var run = await TryAsync(() => directory.RunNowAsync(context.User, jobId, CancellationToken.None));
        return RestResults.Created(context, $"/jobs/{jobId}/runs/{run}", new JobMade(run));
    }

    private static async Task<IResult> RunsAsync(
        Guid jobId, [AsParameters] PageQuery page, ClaimsPrincipal user, JobDirectory directory, CancellationToken cancellationToken)
    {
        Guid? before = page.After() is not { } after ? null : Guid.TryParse(after, out var id) ? id : throw PageQuery.Wrong();
        var size = page.Size;
        var found = await directory.RunsAsync(user, jobId, before, size + 1, cancellationToken) ?? throw NoJob();
        var items = found.Take(size).Select(JobRunItem.Of).ToList();
        return RestResults.Ok(new Page<JobRunItem>(items, found.Count > size ? PageQuery.CursorOf(items[^1].Id.ToString()) : null));
    }

    private static async Task<IResult> FindRunAsync(
        Guid jobId, Guid runId, ClaimsPrincipal user, JobDirectory directory, CancellationToken cancellationToken)
    {
        var run = await directory.FindRunAsync(user, jobId, runId, cancellationToken) ?? throw RestProblemException.NotFound("run");
        return RestResults.Ok(new JobRunDetail(JobRunItem.Of(run), run.Log));
    }

    private static async Task<IResult> DownloadAsync(
        Guid jobId, Guid runId, ClaimsPrincipal user, JobDirectory directory, CancellationToken cancellationToken)
    {
        var (name, content) = await TryAsync(() => directory.OpenArchiveAsync(user, jobId, runId, cancellationToken))
            ?? throw RestProblemException.NotFound("archive");
        return Results.Stream(content, "application/octet-stream", name);
    }

    // Who may not see it is not told that it is there.
    private static async Task<JobItem> ReadAsync(HttpContext context, JobDirectory directory, Guid id) =>
        JobItem.Of(await directory.FindAsync(context.User, id, context.RequestAborted) ?? throw NoJob());

    private static RestProblemException NoJob() => RestProblemException.NotFound("job");

    private static async Task<bool> DoneAsync(Task work)
    {
        await work;
        return true;
    }

    private static async Task<T> TryAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (JobException failure)
        {
            throw RestResults.Refused(failure.Message);
        }
    }
}
