using System.Security.Claims;
using Portal.Contracts.Images.V1;
using Portal.Web.Access;
using Portal.Web.Features.Images.Listing;
using Portal.Web.Features.NodeCalls;

namespace Portal.Web.Features.Images.Dialogs;

/// <summary>The removal of one image among several, and how it ended.</summary>
/// <param name="row">The image.</param>
public sealed class ImageRemoval(ImageRow row)
{
    public ImageRow Row { get; } = row;

    public RemovalState State { get; private set; }

    /// <summary>What stands against it, when <see cref="State"/> is <see cref="RemovalState.Conflict"/>.</summary>
    public ImageConflict? Conflict { get; private set; }

    /// <summary>Why it failed, for the user.</summary>
    public string Error { get; private set; } = "";

    /// <summary>True when trying again by force would succeed.</summary>
    public bool MayForce => State == RemovalState.Conflict && Conflict!.MayForce;

    /// <summary>
    /// Removes it with all the names that it had when it was chosen. A name that was given to it since is a conflict, and so is a
    /// container, unless <paramref name="force"/>.
    /// </summary>
    public async Task RunAsync(ImageCommands images, ClaimsPrincipal user, bool force)
    {
        State = RemovalState.Running;
        (Conflict, Error) = (null, "");
        try
        {
            var outcome = await images.RemoveAsync(user, Row.NodeId, Row.Image.Id, force, CancellationToken.None);

            // By an id that several names point at only force removes. The person has seen and agreed to exactly these names.
            if (outcome.Conflict is { UserCount: 0, MayForce: true } conflict && conflict.Names.All(Row.Image.Names.Contains))
            {
                outcome = await images.RemoveAsync(user, Row.NodeId, Row.Image.Id, force: true, CancellationToken.None);
            }

            Conflict = outcome.Conflict;
            State = Conflict is null ? RemovalState.Removed : RemovalState.Conflict;
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            Error = failure.Message;
            State = RemovalState.Failed;
        }
    }
}
