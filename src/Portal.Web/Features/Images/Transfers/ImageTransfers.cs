using System.Collections.Concurrent;
using System.Security.Claims;

namespace Portal.Web.Features.Images.Transfers;

/// <summary>
/// Pulls and pushes that run in the background of this portal. They go on when the page that began them is left or loaded again, and are
/// kept for a while after their end, so that their outcome is seen.
/// </summary>
/// <remarks>Singleton; any thread. A transfer runs in a scope of its own, under the grants of who began it.</remarks>
public sealed class ImageTransfers(IServiceScopeFactory scopes, TimeProvider time)
{
    /// <summary>How many of one person run at a time. Further ones are refused: nobody waits for so many.</summary>
    public const int MostRunning = 64;

    private static readonly TimeSpan s_keptAfterEnd = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<Guid, ImageTransfer> _transfers = new();

    /// <summary>A transfer has begun, ended or left the list; told with the key of its owner, see <see cref="KeyOf"/>.</summary>
    public event Action<string>? Changed;

    /// <summary>Whose transfers are whose.</summary>
    public static string KeyOf(ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.NameIdentifier) ?? "";

    /// <summary>Begins a pull.</summary>
    /// <param name="user">Under whose grants.</param>
    /// <param name="nodeId">Where to.</param>
    /// <param name="image">What, as users write it.</param>
    /// <param name="platform"><c>os/architecture[/variant]</c>; empty for the node's own.</param>
    public ImageTransfer Pull(ClaimsPrincipal user, Guid nodeId, string image, string platform = "") => Start(
        user,
        new ImageTransfer(KeyOf(user), TransferKind.Pull, nodeId, image, platform, time),
        (images, transfer) => images.PullAsync(user, nodeId, image, platform, transfer.Report, transfer.Cancellation));

    /// <summary>Begins a push.</summary>
    /// <param name="user">Under whose grants.</param>
    /// <param name="nodeId">Where from.</param>
    /// <param name="image">A name with a tag.</param>
    public ImageTransfer Push(ClaimsPrincipal user, Guid nodeId, string image) => Start(
        user,
        new ImageTransfer(KeyOf(user), TransferKind.Push, nodeId, image, "", time),
        (images, transfer) => images.PushAsync(user, nodeId, image, transfer.Report, transfer.Cancellation));

    /// <summary>The user's transfers, newest first.</summary>
    public IReadOnlyList<ImageTransfer> Find(ClaimsPrincipal user)
    {
        Forget();
        var key = KeyOf(user);
        return [.. _transfers.Values.Where(transfer => transfer.Owner == key).OrderByDescending(transfer => transfer.StartedAt)];
    }

    /// <summary>Takes an ended transfer off the list.</summary>
    public void Dismiss(ImageTransfer transfer)
    {
        if (transfer.EndedAt is not null && _transfers.TryRemove(transfer.Id, out _))
        {
            transfer.Dispose();
            Changed?.Invoke(transfer.Owner);
        }
    }

    private ImageTransfer Start(ClaimsPrincipal user, ImageTransfer transfer, Func<ImageCommands, ImageTransfer, Task> run)
    {
        var running = Find(user).Count(other => other.EndedAt is null);
        _transfers[transfer.Id] = transfer;
        if (running >= MostRunning)
        {
            transfer.Complete(E("{0} transfers of yours are running. Wait for one of them, or cancel it, and try again.", running));
        }
        else
        {
            _ = RunAsync(transfer, run);
        }

        Changed?.Invoke(transfer.Owner);
        return transfer;
    }

    private async Task RunAsync(ImageTransfer transfer, Func<ImageCommands, ImageTransfer, Task> run)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await run(scope.ServiceProvider.GetRequiredService<ImageCommands>(), transfer);
            transfer.Complete(null);
        }
        catch (Exception failure)
        {
            // Whatever it was, the person who waits must learn of it; there is no caller to throw to.
            transfer.Complete(failure.Message);
        }

        Changed?.Invoke(transfer.Owner);
    }

    private void Forget()
    {
        var limit = time.GetUtcNow() - s_keptAfterEnd;
        foreach (var transfer in _transfers.Values.Where(transfer => transfer.EndedAt < limit))
        {
            Dismiss(transfer);
        }
    }
}
