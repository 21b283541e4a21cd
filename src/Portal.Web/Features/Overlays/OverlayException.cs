namespace Portal.Web.Features.Overlays;

/// <summary>Something about a network that spans nodes can't be done; the message is for the user.</summary>
public sealed class OverlayException(string message) : Exception(message);
