using System.Collections.Concurrent;
using Portal.Engine.Volumes.Drivers;
using Portal.Engine.Volumes.State;

namespace Portal.Engine.Volumes;

/// <summary>
/// Sizes of volumes, counted off the path of requests: one walk at a time, as soon as somebody asks for sizes that are over a minute old,
/// and otherwise every quarter of an hour. A volume whose walk takes long is walked less often, so that counting never takes more than a
/// twentieth of one thread.
/// </summary>
/// <remarks>
/// Not by project quotas, which would be exact at any time: they need a mount option that root file systems seldom have, and a project a
/// folder that containers with CAP_SYS_ADMIN can change. Volumes with options are not walked: what they stand for may be a server, or all
/// of the host.
/// </remarks>
internal sealed class VolumeSizes(VolumeFolders folders, IVolumeFiles files, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(15);
    private const int Pause = 20;

    private readonly ConcurrentDictionary<string, Entry> _known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _wanted = new(0);
    private readonly SemaphoreSlim _walk = new(1);
    private volatile TaskCompletionSource _round = NewRound();

    /// <summary>What was counted last; null when nothing was yet.</summary>
    public VolumeSize? Find(string name) => _known.GetValueOrDefault(name)?.Size;

    /// <summary>Has old sizes counted anew, and waits a little for those that were never counted.</summary>
    public async Task AskAsync(IEnumerable<string> names, TimeSpan patience, CancellationToken cancellationToken)
    {
        var unknown = names.Where(IsWorthWaitingFor).ToList();
        var round = _round.Task;
        _wanted.Release();
        var deadline = time.GetUtcNow() + patience;
        try
        {
            // The round that is under way may have begun before they were made: then the next one counts them.
            for (var left = patience; left > TimeSpan.Zero && unknown.Count > 0; left = deadline - time.GetUtcNow())
            {
                await round.WaitAsync(left, time, cancellationToken).ConfigureAwait(false);
                round = _round.Task;
                unknown.RemoveAll(name => !IsWorthWaitingFor(name) || !folders.Exists(name));
                _wanted.Release();
            }
        }
        catch (TimeoutException)
        {
            // Then they are told without.
        }
    }

    /// <summary>Counts one now.</summary>
    public async Task<VolumeSize> MeasureAsync(string name, CancellationToken cancellationToken)
    {
        await _walk.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Measure(name), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _walk.Release();
        }
    }

    /// <summary>After a container that may have written to it has ended: it is counted anew when somebody asks.</summary>
    public void Touch(string name)
    {
        if (_known.TryGetValue(name, out var entry))
        {
            _known.TryUpdate(name, entry with { IsTouched = true }, entry);
        }
    }

    /// <summary>After a change that makes what was counted worthless.</summary>
    public void Forget(string name) => _known.TryRemove(name, out _);

    /// <summary>Counts until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var round = _round;
            _round = NewRound();
            await CountAsync(cancellationToken).ConfigureAwait(false);
            round.TrySetResult();
            var asked = await _wanted.WaitAsync(s_longest, cancellationToken).ConfigureAwait(false);
            while (asked && await _wanted.WaitAsync(0, cancellationToken).ConfigureAwait(false))
            {
                // All who asked until now are served by one round.
            }
        }
    }

    public void Dispose()
    {
        _wanted.Dispose();
        _walk.Dispose();
    }

    private async Task CountAsync(CancellationToken cancellationToken)
    {
        var plain = folders.Names().Where(name => folders.Read(name) is null or { Options.Count: 0 }).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _known.Keys.Where(name => !plain.Contains(name)))
        {
            Forget(gone);
        }

        foreach (var name in plain.Where(IsOld))
        {
            try
            {
                await MeasureAsync(name, cancellationToken).ConfigureAwait(false);
            }
            catch (IOException)
            {
                // Removed meanwhile, or not readable: it has no size then.
                Forget(name);
            }
        }
    }

    private VolumeSize Measure(string name)
    {
        var begun = time.GetTimestamp();
        var size = new VolumeSize(files.Measure(folders.DataOf(name)), time.GetUtcNow());
        _known[name] = new Entry(size, time.GetElapsedTime(begun));
        return size;
    }

    private bool IsOld(string name)
    {
        if (!_known.TryGetValue(name, out var entry))
        {
            return true;
        }

        var age = time.GetUtcNow() - entry.Size.Measured;
        return (entry.IsTouched || age > s_fresh) && age > entry.Walk * Pause;
    }

    private bool IsWorthWaitingFor(string name) => !_known.TryGetValue(name, out var entry) || (entry.IsTouched && IsOld(name));

    private static TaskCompletionSource NewRound() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record Entry(VolumeSize Size, TimeSpan Walk, bool IsTouched = false);
}
