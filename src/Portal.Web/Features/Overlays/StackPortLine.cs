namespace Portal.Web.Features.Overlays;

/// <summary>A port of a stack at which every node answers.</summary>
/// <param name="Port">As <c>8080/tcp</c>.</param>
/// <param name="Ready">How many replicas take connections.</param>
/// <param name="Replicas">How many there are that answer it.</param>
/// <param name="Nodes">By name.</param>
internal sealed record StackPortLine(string Port, int Ready, int Replicas, IReadOnlyList<StackPortNode> Nodes);
