namespace Portal.Engine.Images.Saving;

/// <summary>What a name stands for, ready to leave this host.</summary>
/// <param name="Images">At least one; the first is the one that the name means where only one can be told.</param>
/// <param name="List">The index that names all of them; null when one image goes alone.</param>
/// <param name="Original">The digest of the index that the name stands for here, when not all of its images go.</param>
internal sealed record StoredName(IReadOnlyList<StoredImage> Images, StoredList? List = null, Content.Digest? Original = null);
