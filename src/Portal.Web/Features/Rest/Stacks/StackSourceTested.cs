namespace Portal.Web.Features.Rest.Stacks;

/// <summary>What the server of a source answered.</summary>
/// <param name="Commit">What the reference means now, in full.</param>
internal sealed record StackSourceTested(string Commit);
