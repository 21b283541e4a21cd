using Portal.Engine.Errors;

namespace Portal.Engine.Images;

/// <summary>An image can't be removed as it stands: what keeps it is told as data, besides Docker's words in the message.</summary>
public sealed class ImageConflictException : EngineException
{
    /// <summary>Makes one.</summary>
    /// <param name="message">In Docker's words, which scripts look for.</param>
    /// <param name="imageId">See <see cref="ImageId"/>.</param>
    /// <param name="names">See <see cref="Names"/>.</param>
    /// <param name="users">See <see cref="Users"/>.</param>
    /// <param name="mayForce">See <see cref="MayForce"/>.</param>
    public ImageConflictException(
        string message, string imageId, IReadOnlyList<string> names, IReadOnlyList<ImageUser> users, bool mayForce)
        : base(EngineErrorKind.Conflict, message)
    {
        ImageId = imageId;
        Names = names;
        Users = users;
        MayForce = mayForce;
    }

    /// <summary>The image's full id.</summary>
    public string ImageId { get; }

    /// <summary>The image's names as users write them, when it was to be removed by an id that several names point at; empty otherwise.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The containers that use the image, those that run first.</summary>
    public IReadOnlyList<ImageUser> Users { get; }

    /// <summary>True when the same removal by force would succeed; false while a container that uses the image runs.</summary>
    public bool MayForce { get; }
}
