using Portal.Engine.Content;

namespace Portal.Engine.Images.Saving;

/// <summary>An index of images that are all here.</summary>
/// <param name="Content">Its bytes: as they came, or new ones where not all of its images are here in the form that it names.</param>
/// <param name="MediaType">Docker's or OCI's.</param>
internal sealed record StoredList(byte[] Content, string MediaType)
{
    public Digest Digest { get; } = Digest.Of(Content);
}
