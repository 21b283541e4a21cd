namespace Portal.Engine.Api.Networks.Models;

/// <summary>The answer of <c>POST /networks/prune</c>.</summary>
internal sealed record NetworkPruneAnswer(List<string>? NetworksDeleted);
