using System.Globalization;
using Portal.Engine.Containers.Execs;
using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Errors;
using Portal.Engine.Runtime;

namespace Portal.Engine.Containers.Health;

/// <summary>
/// Runs one probe in a container. It is an exec that tells no events: three a probe would push everything else out of
/// the journal.
/// </summary>
internal sealed class HealthProbe(Execs.Execs execs, TimeProvider time)
{
    private const int DidNotRun = -1;
    private const int Kill = 9;

    // How long output may come after the end: only a child that holds the stream open takes longer, and it is not the probe.
    private static readonly TimeSpan s_outputGrace = TimeSpan.FromSeconds(1);

    // After a kill only the kernel holds a process up; the next probe must not wait for that.
    private static readonly TimeSpan s_killGrace = TimeSpan.FromSeconds(5);

    /// <summary>Runs it to its end or its time limit.</summary>
    public async Task<HealthResult> RunAsync(Container container, CancellationToken cancellationToken)
    {
        var started = time.GetUtcNow();
        var limit = HealthRules.Timeout(container.Spec.Healthcheck!);
        var entry = execs.Describe(container, new ExecSpec { Command = HealthRules.Command(container.Spec)! });
        try
        {
            var streams = await execs.StartAsync(entry.Id, cancellationToken: cancellationToken).ConfigureAwait(false);
            await using (streams!.ConfigureAwait(false))
            {
                var (code, output) = await FollowAsync(entry, streams!, limit, cancellationToken).ConfigureAwait(false);
                return new HealthResult(started, time.GetUtcNow(), code, output);
            }
        }
        catch (Exception failure) when (failure is EngineException or IOException)
        {
            return new HealthResult(started, time.GetUtcNow(), DidNotRun, failure.Message);
        }
        finally
        {
            execs.Drop(entry);
        }
    }

    private async Task<(int Code, string Output)> FollowAsync(
        ExecEntry entry, IProcessStreams streams, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var output = new HealthOutput();
        var reader = ReadAsync(streams, output, reading.Token);
        try
        {
            var code = await entry.Exit.WaitAsync(timeout, time, cancellationToken).ConfigureAwait(false);
            await Task.WhenAny(reader, Task.Delay(s_outputGrace, time, cancellationToken)).ConfigureAwait(false);
            return (code, output.ToString());
        }
        catch (TimeoutException)
        {
            await execs.KillAsync(entry.Id, Kill, cancellationToken).ConfigureAwait(false);
            await Task.WhenAny(entry.Exit, Task.Delay(s_killGrace, time, cancellationToken)).ConfigureAwait(false);
            var said = output.ToString();
            return (DidNotRun, $"Health check exceeded timeout ({Words(timeout)}){(said.Length > 0 ? ": " : "")}{said}");
        }
        finally
        {
            await reading.CancelAsync().ConfigureAwait(false);
            await reader.ConfigureAwait(false);
        }
    }

    private static async Task ReadAsync(IProcessStreams streams, HealthOutput output, CancellationToken cancellationToken)
    {
        try
        {
            while (await streams.ReadAsync(cancellationToken).ConfigureAwait(false) is { } chunk)
            {
                output.Add(chunk.Data.Span);
            }
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException)
        {
            // What came until then is the output.
        }
    }

    // As Go prints durations, for the common ones.
    private static string Words(TimeSpan time)
    {
        var invariant = CultureInfo.InvariantCulture;
        return time < TimeSpan.FromSeconds(1) ? string.Create(invariant, $"{time.TotalMilliseconds:0.###}ms")
            : time < TimeSpan.FromMinutes(1) ? string.Create(invariant, $"{time.TotalSeconds:0.###}s")
            : time < TimeSpan.FromHours(1) ? string.Create(invariant, $"{(int)time.TotalMinutes}m{time.Seconds}s")
            : string.Create(invariant, $"{(int)time.TotalHours}h{time.Minutes}m{time.Seconds}s");
    }
}
