using System.Security.Claims;
using Portal.Web.Access;
using Portal.Web.Features.Images.Listing;
using Portal.Web.Features.Images.Transfers;
using Portal.Web.Features.NodeCalls;

namespace Portal.Web.Features.Images.Dialogs;

/// <summary>One name among several that are tagged or pushed at once, and how it ended.</summary>
/// <param name="row">The image.</param>
/// <param name="name">Which of its names.</param>
public sealed class BulkNaming(ImageRow row, string name)
{
    public ImageRow Row { get; } = row;

    public string Name { get; } = name;

    /// <summary>What it becomes by the dialog's rule; <see cref="Name"/> itself when that changes nothing.</summary>
    public string NewName { get; private set; } = name;

    public BulkNamingState State { get; private set; }

    /// <summary>Why it failed, for the user.</summary>
    public string Error { get; private set; } = "";

    /// <summary>The push, once it has begun.</summary>
    public ImageTransfer? Transfer { get; private set; }

    public bool IsNew => NewName != Name;

    /// <summary>Puts a name below a registry and path, and gives it a tag; what is empty stays as it is.</summary>
    public static string Apply(string name, string place, string tag)
    {
        var (repository, oldTag) = ImageText.Split(name);
        if (place.Length > 0)
        {
            // The first part is a registry when it looks like a host, as Docker has it.
            var slash = repository.IndexOf('/', StringComparison.Ordinal);
            var first = slash < 0 ? "" : repository[..slash];
            var isHost = first == "localhost" || first.AsSpan().ContainsAny('.', ':');
            repository = $"{place}/{(isHost ? repository[(slash + 1)..] : repository)}";
        }

        var newTag = tag.Length > 0 ? tag : oldTag;
        return newTag.Length > 0 ? $"{repository}:{newTag}" : repository;
    }

    public void Plan(string place, string tag) => NewName = Apply(Name, place, tag);

    /// <summary>Gives the new name, if it is one, and begins the push, if there is to be one.</summary>
    public async Task RunAsync(ImageCommands images, ImageTransfers? pushes, ClaimsPrincipal user)
    {
        (State, Error, Transfer) = (BulkNamingState.Running, "", null);
        try
        {
            if (IsNew)
            {
                await images.TagAsync(user, Row.NodeId, Name, NewName, CancellationToken.None);
            }

            Transfer = pushes?.Push(user, Row.NodeId, NewName);
            State = BulkNamingState.Done;
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            (State, Error) = (BulkNamingState.Failed, failure.Message);
        }
    }
}
