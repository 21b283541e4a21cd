namespace Portal.Web.Features.Overlays.Telling;

/// <summary>What a container answers behind a port of every node, as it is kept.</summary>
/// <param name="Port">The nodes', as <c>8080/tcp</c>.</param>
/// <param name="Target">The container's.</param>
internal sealed record OverlayTarget(string Port, int Target);
