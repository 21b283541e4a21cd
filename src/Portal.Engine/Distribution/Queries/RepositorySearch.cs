namespace Portal.Engine.Distribution.Queries;

/// <summary>What a search brought.</summary>
/// <param name="Repositories">The best first.</param>
/// <param name="IsTruncated">True when there were more.</param>
public sealed record RepositorySearch(IReadOnlyList<FoundRepository> Repositories, bool IsTruncated);
