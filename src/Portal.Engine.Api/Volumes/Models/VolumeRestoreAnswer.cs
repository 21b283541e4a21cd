namespace Portal.Engine.Api.Volumes.Models;

/// <summary>The answer of <c>POST /portal/volumes/{id}/restore</c>.</summary>
internal sealed record VolumeRestoreAnswer(string Name, long Entries, long Bytes, string Digest);
