namespace Portal.Engine.Images;

/// <summary>Tells which containers use an image, so that it is not removed under them.</summary>
public interface IImageUsers
{
    /// <summary>The containers that were made of the image.</summary>
    /// <param name="imageId">The image's id.</param>
    IReadOnlyList<ImageUser> FindUsers(string imageId);
}
