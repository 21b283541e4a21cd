namespace Portal.Web.Features.Rest.Paging;

/// <summary>A part of a list.</summary>
/// <param name="Items">At most as many as were asked for.</param>
/// <param name="Next">To be sent back as <c>cursor</c> for what follows; null at the end.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
