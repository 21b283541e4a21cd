using Portal.Contracts.Volumes.V1;
using Portal.Web.Encryption.Age;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Features.Volumes.Listing;

namespace Portal.Web.Features.Volumes.Transfers;

/// <summary>
/// A backup or restore: first what a person chose in a dialog, then how it goes. Its id is a ticket: the browser's request with the bytes
/// names it, and only the person who made it may use it, once. Of a backup that is stopped nothing whole was kept, of a restore the volume
/// is as it was; containers are brought back.
/// </summary>
public sealed class VolumeTransfer : BackgroundWork
{
    private VolumeTransferProgress? _progress;
    private int _started;

    internal VolumeTransfer(string owner, VolumeTransferKind kind, VolumeKey volume, TimeProvider time)
        : base(owner, time)
    {
        Kind = kind;
        Volume = volume;
        PreparedAt = time.GetUtcNow();
    }

    public VolumeTransferKind Kind { get; }

    public VolumeKey Volume { get; internal set; }

    /// <summary>What is done with running containers; chosen before it starts.</summary>
    public UserHandling Users { get; set; }

    /// <summary>Of a restore: make the volume.</summary>
    public bool Create { get; set; }

    /// <summary>Of a restore: what is in the volume goes.</summary>
    public bool Replace { get; set; }

    /// <summary>Of a restore: whose archive it is; null for one in the clear. It is kept in memory, and only until it begins.</summary>
    internal AgeIdentity? Identity { get; set; }

    public DateTimeOffset PreparedAt { get; }

    public bool HasStarted => _started != 0;

    /// <summary>As the node told last; null before it told anything.</summary>
    public VolumeTransferProgress? Progress => Volatile.Read(ref _progress);

    /// <summary>What it came to, when it succeeded.</summary>
    public string Outcome { get; private set; } = "";

    /// <summary>Of what is copied, 0 to 1; null while nobody can tell.</summary>
    public double? Share => Progress is { Phase: VolumeTransferPhase.Copying, HasTotalBytes: true, TotalBytes: > 0 } copying
        ? Math.Clamp((double)copying.Bytes / copying.TotalBytes, 0, 1)
        : null;

    /// <summary>True for the first caller alone.</summary>
    internal bool TryStart() => Interlocked.Exchange(ref _started, 1) == 0;

    internal void Report(VolumeTransferProgress progress)
    {
        Volatile.Write(ref _progress, progress);
        Tell();
    }

    internal void Complete(string outcome, string? error)
    {
        Outcome = outcome;
        End(Time.GetUtcNow(), error, IsStopped(error));
        Tell();
    }
}
