namespace Portal.Agent.Hosting.Volumes;

/// <summary>A restore that is done.</summary>
internal sealed record VolumeRestoreReport(bool IsNew, long Entries, long Bytes, string Digest);
