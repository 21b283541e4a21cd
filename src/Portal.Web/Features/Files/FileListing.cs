namespace Portal.Web.Features.Files;

/// <summary>What is in a folder.</summary>
/// <param name="Items">In no order that matters.</param>
/// <param name="Total">How many there are; more than <paramref name="Items"/> when there are too many to show.</param>
public sealed record FileListing(IReadOnlyList<FileItem> Items, long Total);
