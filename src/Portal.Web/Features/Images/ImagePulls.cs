using System.Collections.Concurrent;
using System.Security.Claims;

namespace Portal.Web.Features.Images;

/// <summary>
/// Pulls that run in the background of this portal. They go on when the page that began them is left or loaded again, and are kept for a
/// while after their end, so that their outcome is seen.
/// </summary>
/// <remarks>Singleton; any thread. The pull itself runs in a scope of its own, under the grants of who began it.</remarks>
public sealed class ImagePulls(IServiceScopeFactory scopes, TimeProvider time)
{
    private static readonly TimeSpan s_keptAfterEnd = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<Guid, ImagePull> _pulls = new();

    /// <summary>Begins a pull.</summary>
    public ImagePull Start(ClaimsPrincipal user, Guid nodeId, string image)
    {
        Forget();
        var pull = new ImagePull(UserKey(user), nodeId, image, time);
        _pulls[pull.Id] = pull;
        _ = RunAsync(pull, user);
        return pull;
    }

    /// <summary>The user's pulls on a node, newest first.</summary>
    public IReadOnlyList<ImagePull> Find(ClaimsPrincipal user, Guid nodeId)
    {
        Forget();
        var key = UserKey(user);
        return [.. _pulls.Values.Where(pull => pull.Owner == key && pull.NodeId == nodeId).OrderByDescending(pull => pull.StartedAt)];
    }

    /// <summary>Takes an ended pull off the list.</summary>
    public void Dismiss(ImagePull pull)
    {
        if (pull.EndedAt is not null && _pulls.TryRemove(pull.Id, out _))
        {
            pull.Dispose();
        }
    }

    private async Task RunAsync(ImagePull pull, ClaimsPrincipal user)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var images = scope.ServiceProvider.GetRequiredService<ImageCommands>();
            await images.PullAsync(user, pull.NodeId, pull.Image, pull.Report, pull.Cancellation);
            pull.Complete(null);
        }
        catch (Exception failure)
        {
            // Whatever it was, the person who waits must learn of it; there is no caller to throw to.
            pull.Complete(pull.Cancellation.IsCancellationRequested ? "Cancelled." : failure.Message);
        }
    }

    private void Forget()
    {
        var limit = time.GetUtcNow() - s_keptAfterEnd;
        foreach (var pull in _pulls.Values.Where(pull => pull.EndedAt < limit))
        {
            Dismiss(pull);
        }
    }

    private static string UserKey(ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.NameIdentifier) ?? "";
}
