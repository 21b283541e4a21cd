using Portal.Contracts.Volumes.V1;
using Portal.Web.Features.Volumes.Listing;

namespace Portal.Web.Features.Volumes.Transfers;

/// <summary>
/// A backup or restore: first what a person chose in a dialog, then how it goes. Its id is a ticket: the browser's request with the bytes
/// names it, and only the person who made it may use it, once.
/// </summary>
/// <remarks>Any thread; <see cref="Changed"/> is raised on whichever thread brought the news.</remarks>
public sealed class VolumeTransfer : IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();
    private readonly TimeProvider _time;
    private int _started;

    internal VolumeTransfer(string owner, VolumeTransferKind kind, VolumeKey volume, TimeProvider time)
    {
        _time = time;
        Owner = owner;
        Kind = kind;
        Volume = volume;
        PreparedAt = time.GetUtcNow();
    }

    /// <summary>Something has changed.</summary>
    public event Action? Changed;

    public Guid Id { get; } = Guid.NewGuid();

    public VolumeTransferKind Kind { get; }

    public VolumeKey Volume { get; internal set; }

    /// <summary>What is done with running containers; chosen before it starts.</summary>
    public UserHandling Users { get; set; }

    /// <summary>Of a restore: make the volume.</summary>
    public bool Create { get; set; }

    /// <summary>Of a restore: what is in the volume goes.</summary>
    public bool Replace { get; set; }

    public DateTimeOffset PreparedAt { get; }

    public bool HasStarted => _started != 0;

    /// <summary>Null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Why it failed, for the user; null when it did not.</summary>
    public string? Error { get; private set; }

    /// <summary>True when somebody stopped it.</summary>
    public bool Cancelled { get; private set; }

    /// <summary>As the node told last; null before it told anything.</summary>
    public VolumeTransferProgress? Progress { get; private set; }

    /// <summary>What it came to, when it succeeded.</summary>
    public string Outcome { get; private set; } = "";

    /// <summary>Of what is copied, 0 to 1; null while nobody can tell.</summary>
    public double? Share => Progress is { Phase: VolumeTransferPhase.Copying, HasTotalBytes: true, TotalBytes: > 0 } copying
        ? Math.Clamp((double)copying.Bytes / copying.TotalBytes, 0, 1)
        : null;

    internal string Owner { get; }

    internal CancellationToken Cancellation => _cancellation.Token;

    /// <summary>Stops it. Of a backup nothing whole was kept, of a restore the volume is as it was; containers are brought back.</summary>
    public void Cancel()
    {
        if (EndedAt is null)
        {
            _cancellation.Cancel();
        }
    }

    public void Dispose() => _cancellation.Dispose();

    /// <summary>True for the first caller alone.</summary>
    internal bool TryStart() => Interlocked.Exchange(ref _started, 1) == 0;

    internal void Report(VolumeTransferProgress progress)
    {
        Progress = progress;
        Changed?.Invoke();
    }

    internal void Complete(string outcome, string? error)
    {
        Cancelled = error is not null && _cancellation.IsCancellationRequested;
        (Outcome, Error) = (outcome, Cancelled ? null : error);
        EndedAt = _time.GetUtcNow();
        Changed?.Invoke();
    }
}
