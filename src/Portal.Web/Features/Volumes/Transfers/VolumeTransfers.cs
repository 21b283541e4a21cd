using System.Collections.Concurrent;
using System.Security.Claims;
using Portal.Web.Features.Images.Transfers;
using Portal.Web.Features.Volumes.Listing;

namespace Portal.Web.Features.Volumes.Transfers;

/// <summary>Backups and restores of all people. Each goes on as long as its browser takes or sends the bytes.</summary>
/// <remarks>Singleton; any thread.</remarks>
public sealed class VolumeTransfers(TimeProvider time)
{
    private static readonly TimeSpan s_kept = TimeSpan.FromMinutes(10);

    // A dialog may be open for long; a ticket that nobody used is worth nothing after that.
    private static readonly TimeSpan s_ticketAge = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<Guid, VolumeTransfer> _transfers = new();

    /// <summary>A transfer has begun, ended or left the list; told with the key of its owner, see <see cref="KeyOf"/>.</summary>
    public event Action<string>? Changed;

    /// <summary>Whose transfers are whose.</summary>
    public static string KeyOf(ClaimsPrincipal user) => ImageTransfers.KeyOf(user);

    /// <summary>Makes the ticket of a transfer that a dialog is to describe.</summary>
    public VolumeTransfer Prepare(ClaimsPrincipal user, VolumeTransferKind kind, VolumeKey volume)
    {
        Forget();
        var transfer = new VolumeTransfer(KeyOf(user), kind, volume, time);
        _transfers[transfer.Id] = transfer;
        return transfer;
    }

    /// <summary>Lets go of a ticket that was not used.</summary>
    public void Abandon(VolumeTransfer transfer)
    {
        if (!transfer.HasStarted)
        {
            Remove(transfer);
        }
    }

    /// <summary>The transfer that a request names, for the one request that may run it; null for all others.</summary>
    public VolumeTransfer? TryStart(ClaimsPrincipal user, Guid? ticket, VolumeTransferKind kind, VolumeKey volume)
    {
        Forget();
        var transfer = ticket is { } id ? _transfers.GetValueOrDefault(id) : null;
        if (transfer is null || transfer.Owner != KeyOf(user) || transfer.Kind != kind || transfer.Volume != volume || !transfer.TryStart())
        {
            return null;
        }

        Changed?.Invoke(transfer.Owner);
        return transfer;
    }

    /// <summary>The user's transfers that have begun, newest first.</summary>
    public IReadOnlyList<VolumeTransfer> Find(ClaimsPrincipal user)
    {
        Forget();
        var key = KeyOf(user);
        return [.. _transfers.Values
            .Where(transfer => transfer.Owner == key && transfer.HasStarted)
            .OrderByDescending(transfer => transfer.PreparedAt)];
    }

    /// <summary>Takes an ended transfer off the list.</summary>
    public void Dismiss(VolumeTransfer transfer)
    {
        if (transfer.EndedAt is not null)
        {
            Remove(transfer);
        }
    }

    /// <summary>It has ended; without a failure when <paramref name="error"/> is null.</summary>
    internal void Complete(VolumeTransfer transfer, string outcome, string? error)
    {
        transfer.Complete(outcome, error);
        Changed?.Invoke(transfer.Owner);
    }

    private void Remove(VolumeTransfer transfer)
    {
        if (_transfers.TryRemove(transfer.Id, out _))
        {
            transfer.Dispose();
            Changed?.Invoke(transfer.Owner);
        }
    }

    private void Forget()
    {
        var now = time.GetUtcNow();
        foreach (var transfer in _transfers.Values)
        {
            if (transfer.EndedAt < now - s_kept || (!transfer.HasStarted && transfer.PreparedAt < now - s_ticketAge))
            {
                Remove(transfer);
            }
        }
    }
}
