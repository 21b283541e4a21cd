namespace Portal.Web.Features.Deployments.Telling;

/// <summary>Who is told of a stack's deployments, and who could be.</summary>
/// <param name="Targets">All targets of alerts, by the name.</param>
/// <param name="Chosen">Those that are told.</param>
/// <param name="Events">What they are told.</param>
public sealed record ToldDeployments(
    IReadOnlyList<KeyValuePair<Guid, string>> Targets, IReadOnlyList<Guid> Chosen, IReadOnlyList<DeploymentEvent> Events);
