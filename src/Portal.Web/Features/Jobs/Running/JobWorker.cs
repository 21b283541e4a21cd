using Portal.Data.Entities.Jobs;

namespace Portal.Web.Features.Jobs.Running;

/// <summary>Queues what is due and works on it, some jobs beside each other; in every portal that shares the database.</summary>
internal sealed partial class JobWorker(
    JobStore store, JobSignal signal, IServiceScopeFactory scopes, TimeProvider time, ILogger<JobWorker> logger) : BackgroundService
{
    private const int AtOnce = 3;
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_beat = TimeSpan.FromSeconds(3);
    private readonly Guid _worker = Guid.NewGuid();
    private readonly ILogger _logger = logger;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var running = new List<Task>();
        try
        {
            while (true)
            {
                running.RemoveAll(task => task.IsCompleted);
                if (await TryTakeAsync(running.Count, stoppingToken) is var (job, run))
                {
                    running.Add(Task.Run(() => RunAsync(job, run, stoppingToken), CancellationToken.None));
                }
                else
                {
                    await signal.WaitAsync(s_look, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(running);
        }
    }

    private async Task<(ScheduledJob Job, JobRun Run)?> TryTakeAsync(int running, CancellationToken cancellationToken)
    {
        try
        {
            while (await store.ScheduleAsync(cancellationToken))
            {
                // All that is due is queued before anything begins: what is missed is told at once.
            }

            return running < AtOnce ? await store.ClaimAsync(_worker, cancellationToken) : null;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotRead(failure);
            return null;
        }
    }

    private async Task RunAsync(ScheduledJob job, JobRun run, CancellationToken stopping)
    {
        var log = new JobLog();
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var done = new CancellationTokenSource();
        var beating = BeatAsync(job, run, log, lost, done.Token);
        try
        {
            var outcome = await DoAsync(job, log, lost.Token);
            await EndBeatAsync();
            LogEnded(job.Name, outcome.State, outcome.Message);
            if (!await store.FinishAsync(run, outcome, log.ToString(), CancellationToken.None))
            {
                LogLost(job.Name);
            }
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            await EndBeatAsync();
            LogLost(job.Name);
            await TryReleaseAsync(job, run, log);
        }
        catch (Exception failure)
        {
            LogBroken(job.Name, failure);
        }
        finally
        {
            await EndBeatAsync();
            signal.Set();
        }

        // Before the last word: a beat that is under way would take the lease again after it was given back.
        async Task EndBeatAsync()
        {
            await done.CancelAsync();
            await beating;
        }
    }

    private async Task<JobOutcome> DoAsync(ScheduledJob job, JobLog log, CancellationToken cancellationToken)
    {
        if (JobKindInfo.Find(job.Kind) is not { } info)
        {
            return JobOutcome.Failed(E("This portal does not know what '{0}' is: it is older than the one where the job was saved.", job.Kind));
        }

        var settings = JobSettings.Parse(job.Settings);
        using var most = new CancellationTokenSource(TimeSpan.FromMinutes(settings.TimeoutMinutes), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(most.Token, cancellationToken);
        await using var services = scopes.CreateAsyncScope();
        try
        {
            var actions = services.ServiceProvider.GetRequiredService<JobActions>();
            return await actions.RunAsync(info.Kind, new JobTask(job, settings, JobPerson.Of(job), log), either.Token);
        }
        catch (OperationCanceledException) when (most.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return JobOutcome.Failed(E("It was broken off after {0} minutes, the most that the job allows.", settings.TimeoutMinutes));
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            LogBroken(job.Name, failure);
            return JobOutcome.Failed(N("The portal failed at this; its log says why."));
        }
    }

    // A portal that can't renew its lease has lost it when it runs out, whatever the reason: another may have it.
    private async Task BeatAsync(ScheduledJob job, JobRun run, JobLog log, CancellationTokenSource lost, CancellationToken done)
    {
        var renewed = time.GetTimestamp();
        while (!done.IsCancellationRequested)
        {
            await Task.Delay(s_beat, time, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var begun = time.GetTimestamp();
            try
            {
                if (done.IsCancellationRequested)
                {
                    return;
                }

                using var most = CancellationTokenSource.CreateLinkedTokenSource(done);
                most.CancelAfter(JobStore.Lease / 3);
                if (!await store.BeatAsync(run, log.ToString(), most.Token))
                {
                    await lost.CancelAsync();
                    return;
                }

                renewed = begun;
            }
            catch (Exception failure) when (!done.IsCancellationRequested)
            {
                LogNotRenewed(job.Name, failure.Message);
                if (time.GetElapsedTime(renewed) > JobStore.Lease / 2)
                {
                    await lost.CancelAsync();
                    return;
                }
            }
            catch (Exception) when (done.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task TryReleaseAsync(ScheduledJob job, JobRun run, JobLog log)
    {
        try
        {
            await store.ReleaseAsync(run, log.ToString(), CancellationToken.None);
        }
        catch (Exception failure)
        {
            LogNotRenewed(job.Name, failure.Message);
        }
    }

    [LoggerMessage(2560, LogLevel.Information, "The job '{Job}': {State}. {Reason}")]
    private partial void LogEnded(string job, string state, string reason);

    [LoggerMessage(2561, LogLevel.Warning, "The run of the job '{Job}' was broken off: the portal stops, or another has it now.")]
    private partial void LogLost(string job);

    [LoggerMessage(2562, LogLevel.Error, "The job '{Job}' broke off.")]
    private partial void LogBroken(string job, Exception failure);

    [LoggerMessage(2563, LogLevel.Warning, "The queue of jobs could not be read or written; it is tried again.")]
    private partial void LogNotRead(Exception failure);

    [LoggerMessage(2564, LogLevel.Warning, "The lease of the job '{Job}' could not be renewed: {Reason}")]
    private partial void LogNotRenewed(string job, string reason);
}
