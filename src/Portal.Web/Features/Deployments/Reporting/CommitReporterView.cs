namespace Portal.Web.Features.Deployments.Reporting;

/// <summary>Where a stack's commits are reported to, without the token.</summary>
/// <param name="Host">Whose API.</param>
/// <param name="BaseUrl">Its address.</param>
/// <param name="Project">The repository's path there.</param>
/// <param name="Context">By which the host tells this status from others.</param>
/// <param name="PortalUrl">Where links lead.</param>
/// <param name="ChangedBy">Who set it.</param>
/// <param name="ChangedAt">When: deployments from then on are reported.</param>
public sealed record CommitReporterView(
    CommitHost Host, string BaseUrl, string Project, string Context, string PortalUrl, string ChangedBy, DateTimeOffset ChangedAt);
