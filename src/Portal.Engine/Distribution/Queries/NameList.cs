namespace Portal.Engine.Distribution.Queries;

/// <summary>Names that a registry lists.</summary>
/// <param name="Names">In the registry's order, each once.</param>
/// <param name="IsTruncated">True when there were more than was asked for.</param>
public sealed record NameList(IReadOnlyList<string> Names, bool IsTruncated);
