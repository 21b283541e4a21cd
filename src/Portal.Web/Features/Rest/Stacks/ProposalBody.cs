namespace Portal.Web.Features.Rest.Stacks;

/// <summary>Of which containers a Compose file is proposed.</summary>
/// <param name="Containers">Names or ids, of the node.</param>
internal sealed record ProposalBody(IReadOnlyList<string> Containers);
