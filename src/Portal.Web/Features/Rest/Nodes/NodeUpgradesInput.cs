namespace Portal.Web.Features.Rest.Nodes;

/// <summary>Nodes to upgrade.</summary>
/// <param name="NodeIds">Their ids, 1 to 1,000.</param>
internal sealed record NodeUpgradesInput(IReadOnlyList<Guid> NodeIds);
