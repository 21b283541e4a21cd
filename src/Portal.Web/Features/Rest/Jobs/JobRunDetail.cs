namespace Portal.Web.Features.Rest.Jobs;

/// <summary>A run with what it said.</summary>
/// <param name="Run">What the list says of it.</param>
/// <param name="Log">The newest 64 KiB; empty for who may not do the same by hand.</param>
internal sealed record JobRunDetail(JobRunItem Run, string Log);
