namespace Portal.Engine.Api.Volumes.Models;

/// <summary>The answer of <c>GET /volumes</c>.</summary>
internal sealed record VolumeListAnswer(List<VolumeModel> Volumes, List<string>? Warnings);
