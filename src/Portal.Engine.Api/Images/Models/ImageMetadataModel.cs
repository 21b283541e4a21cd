using Portal.Engine.Api.Routing;

namespace Portal.Engine.Api.Images.Models;

/// <summary>What the engine keeps about an image besides its own word.</summary>
internal sealed record ImageMetadataModel
{
    public string LastTagTime { get; init; } = GoTime.Zero;
}
