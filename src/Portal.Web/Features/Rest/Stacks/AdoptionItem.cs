namespace Portal.Web.Features.Rest.Stacks;

/// <summary>What came of taking over what runs.</summary>
/// <param name="Differences">What differs, by the container: those are made anew by the next deployment.</param>
internal sealed record AdoptionItem(IReadOnlyDictionary<string, IReadOnlyList<string>> Differences);
