using System.Security.Claims;
using Portal.Web.Access;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Features.Networks.Listing;

namespace Portal.Web.Features.Networks.Dialogs;

/// <summary>The removal of one network among several, and how it ended.</summary>
/// <param name="row">The network.</param>
public sealed class NetworkRemoval(NetworkRow row)
{
    public NetworkRow Row { get; } = row;

    public NetworkRemovalState State { get; private set; }

    /// <summary>Why it failed, for the user.</summary>
    public string Error { get; private set; } = "";

    public async Task RunAsync(NetworkCommands networks, ClaimsPrincipal user)
    {
        (State, Error) = (NetworkRemovalState.Running, "");
        try
        {
            // By the id that was shown: another network may have the name by now.
            await networks.RemoveAsync(user, Row.NodeId, Row.Network.Id, Row.Name);
            State = NetworkRemovalState.Removed;
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            (State, Error) = (NetworkRemovalState.Failed, failure.Message);
        }
    }
}
