using System.Collections.Concurrent;
using System.Security.Claims;
using Portal.Contracts.Builds.V1;
using Portal.Web.Features.Builds.History;
using Portal.Web.Languages;

namespace Portal.Web.Features.Builds.Running;

/// <summary>
/// Builds that run in the background of this portal. They go on when the page that began them is left or loaded again, and are kept for a
/// while after their end, so that their outcome is seen.
/// </summary>
/// <remarks>Singleton; any thread. A build runs in a scope of its own, under the grants of who began it.</remarks>
public sealed class BuildRuns(IServiceScopeFactory scopes, BuildHistory history, TimeProvider time)
{
    /// <summary>How many of one person run at a time. Further ones are refused: nobody waits for so many.</summary>
    public const int MostRunning = 16;

    private const int MostKept = 30;
    private static readonly TimeSpan s_keptAfterEnd = TimeSpan.FromHours(6);
    private static readonly TimeSpan s_uploadDeadline = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<Guid, BuildRun> _runs = new();

    /// <summary>A build has begun, ended or left the list; told with the key of its owner.</summary>
    public event Action<string>? Changed;

    /// <summary>Whose builds are whose.</summary>
    public static string KeyOf(ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.NameIdentifier) ?? "";

    /// <summary>Begins a build; one with an upload waits for <see cref="BuildContext.BringAsync"/>.</summary>
    /// <param name="user">Under whose grants.</param>
    /// <param name="nodeId">Where.</param>
    /// <param name="options">What.</param>
    /// <param name="title">Its name for people.</param>
    /// <param name="registryHosts">Registries whose login of the portal the node gets for it.</param>
    /// <param name="isUpload">True when the browser sends the context.</param>
    /// <param name="secrets">Held until it has ended; null for none.</param>
    public BuildRun Start(
        ClaimsPrincipal user, Guid nodeId, BuildOptions options, string title, IReadOnlyList<string> registryHosts, bool isUpload,
        BuildSecrets? secrets = null)
    {
        var run = new BuildRun(KeyOf(user), nodeId, options, title, isUpload, time);
        var running = _runs.Values.Count(other => other.Owner == run.Owner && other.EndedAt is null);
        _runs[run.Id] = run;
        if (running >= MostRunning)
        {
            run.Complete(null, E("{0} of your builds run already. Wait until one has ended, then start it again.", MostRunning));
        }
        else
        {
            _ = LanguageFlow.RunInEnglish(() => RunAsync(user, run, registryHosts, secrets ?? BuildSecrets.None));
        }

        Changed?.Invoke(run.Owner);
        return run;
    }

    /// <summary>The user's builds, newest first.</summary>
    public IReadOnlyList<BuildRun> Find(ClaimsPrincipal user)
    {
        var key = KeyOf(user);
        var all = _runs.Values.Where(run => run.Owner == key).OrderByDescending(run => run.StartedAt).ToList();
        var limit = time.GetUtcNow() - s_keptAfterEnd;
        foreach (var run in all.Where((run, index) => run.EndedAt < limit || (run.EndedAt is not null && index >= MostKept)).ToList())
        {
            all.Remove(run);
            _runs.TryRemove(run.Id, out _);
            run.Dispose();
        }

        return all;
    }

    /// <summary>One of the user's builds, or null.</summary>
    public BuildRun? Find(ClaimsPrincipal user, Guid id) =>
        _runs.TryGetValue(id, out var run) && run.Owner == KeyOf(user) ? run : null;

    /// <summary>Takes a build that has ended off the list.</summary>
    public void Dismiss(BuildRun run)
    {
        if (run.EndedAt is not null && _runs.TryRemove(run.Id, out _))
        {
            run.Dispose();
            Changed?.Invoke(run.Owner);
        }
    }

    private async Task RunAsync(ClaimsPrincipal user, BuildRun run, IReadOnlyList<string> registryHosts, BuildSecrets secrets)
    {
        await history.BeginAsync(user, run);
        using (var ended = new CancellationTokenSource())
        {
            var telling = TellAsync(run, ended.Token);
            await BuildAsync(user, run, registryHosts, secrets);
            await ended.CancelAsync();
            await telling;
        }

        await history.EndAsync(run);
        Changed?.Invoke(run.Owner);
    }

    // A portal that dies says nothing more: its builds are seen to be broken off.
    private async Task TellAsync(BuildRun run, CancellationToken ended)
    {
        try
        {
            using var timer = new PeriodicTimer(BuildHistory.Heartbeat, time);
            while (await timer.WaitForNextTickAsync(ended))
            {
                await history.TouchAsync(run);
            }
        }
        catch (OperationCanceledException)
        {
            // The build has ended.
        }
    }

    private async Task BuildAsync(ClaimsPrincipal user, BuildRun run, IReadOnlyList<string> registryHosts, BuildSecrets secrets)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            Stream? context = null;
            if (run.Context is { } upload)
            {
                context = await upload.ReceiveAsync(s_uploadDeadline, time, run.Cancellation);
                run.Begin();
            }

            var result = await scope.ServiceProvider.GetRequiredService<BuildCommands>().BuildAsync(
                user, run.NodeId, run.Options, registryHosts, secrets, context, run.Report, run.Cancellation);
            run.Complete(result, null);
        }
        catch (TimeoutException)
        {
            run.Complete(null, N("The browser did not send the context. Start the build again, and leave the page open until it is sent."));
        }
        catch (Exception failure)
        {
            // Whatever it was, the person who waits must learn of it; there is no caller to throw to.
            run.Complete(null, failure.Message);
        }
    }
}
