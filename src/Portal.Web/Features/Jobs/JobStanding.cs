namespace Portal.Web.Features.Jobs;

/// <summary>How a job stands.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Name">Its name.</param>
/// <param name="NodeId">Its node; null for several.</param>
/// <param name="Trouble">What is wrong: it is late, or its last run failed; empty when all is well.</param>
internal sealed record JobStanding(Guid JobId, string Name, Guid? NodeId, string Trouble);
