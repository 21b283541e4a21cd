using System.Collections.Immutable;

namespace Portal.Engine.Distribution;

/// <summary>
/// Does a piece of work once for all who want it at the same time. Everybody hears of its progress; it is stopped when the last one who
/// wants it gives up.
/// </summary>
internal sealed class SharedJobs<TProgress>
{
    private readonly Dictionary<string, Job> _jobs = [];

    /// <summary>Joins the job of that key, or starts it.</summary>
    public async Task RunAsync(
        string key, Func<IProgress<TProgress>, CancellationToken, Task> work, IProgress<TProgress>? progress,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            Job? job;
            lock (_jobs)
            {
                if (!_jobs.TryGetValue(key, out job))
                {
                    job = new Job();
                    _jobs.Add(key, job);
                    var started = job;
                    job.Work = Task.Run(() => FinishAsync(key, started, work), CancellationToken.None);
                }

                job.Listeners = job.Listeners.Add(progress);
            }

            try
            {
                await job.Work.WaitAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Everybody else had given up just before this one joined: begin anew.
            }
            finally
            {
                await LeaveAsync(key, job, progress).ConfigureAwait(false);
            }
        }
    }

    private async Task FinishAsync(string key, Job job, Func<IProgress<TProgress>, CancellationToken, Task> work)
    {
        try
        {
            await work(job, job.Stop.Token).ConfigureAwait(false);
        }
        finally
        {
            lock (_jobs)
            {
                Forget(key, job);
            }
        }
    }

    private async Task LeaveAsync(string key, Job job, IProgress<TProgress>? progress)
    {
        lock (_jobs)
        {
            job.Listeners = job.Listeners.Remove(progress);
            if (job.Listeners.Count > 0 || job.Work.IsCompleted)
            {
                return;
            }

            Forget(key, job);
        }

        // Whoever cancels sees the end: then nothing of it goes on behind their back.
        await job.Stop.CancelAsync().ConfigureAwait(false);
        await ((Task)job.Work.ContinueWith(_ => { }, TaskScheduler.Default)).ConfigureAwait(false);
    }

    private void Forget(string key, Job job)
    {
        if (_jobs.TryGetValue(key, out var present) && ReferenceEquals(present, job))
        {
            _jobs.Remove(key);
        }
    }

    private sealed class Job : IProgress<TProgress>
    {
        public CancellationTokenSource Stop { get; } = new();

        /// <summary>Replaced as a whole under the lock, read without it.</summary>
        public ImmutableList<IProgress<TProgress>?> Listeners { get; set; } = [];

        public Task Work { get; set; } = Task.CompletedTask;

        public void Report(TProgress value)
        {
            foreach (var listener in Listeners)
            {
                listener?.Report(value);
            }
        }
    }
}
