using System.Security.Claims;
using Portal.Web.Access;
using Portal.Web.Features.NodeCalls;

namespace Portal.Web.Features.FleetLists.Bulk;

/// <summary>One thing among several that the same is done to, and how it ended.</summary>
/// <param name="title">What it is called.</param>
/// <param name="note">What tells it from others of that name, such as its node.</param>
/// <param name="run">Does it; it checks the grant.</param>
public sealed class BulkItem(string title, string note, Func<ClaimsPrincipal, Task> run)
{
    public string Title => title;

    public string Note => note;

    public BulkState State { get; private set; }

    /// <summary>Why it failed, for the user.</summary>
    public string Error { get; private set; } = "";

    /// <summary>Does it; what a node or a grant refuses is told by <see cref="Error"/>.</summary>
    public async Task RunAsync(ClaimsPrincipal user)
    {
        (State, Error) = (BulkState.Running, "");
        try
        {
            await run(user);
            State = BulkState.Done;
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            (State, Error) = (BulkState.Failed, failure.Message);
        }
    }
}
