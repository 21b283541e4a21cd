namespace Portal.Web.Features.Overlays;

/// <summary>A node of a network that spans nodes.</summary>
/// <param name="NodeId">The node.</param>
/// <param name="NodeName">Its name.</param>
/// <param name="Range">The part of the subnet that it gives addresses of.</param>
/// <param name="Address">At which the others reach it; empty before it told.</param>
/// <param name="Online">Whether it answers now.</param>
/// <param name="Containers">How many containers it has there, as it told last.</param>
/// <param name="Problem">What it could not do; empty when all is well.</param>
public sealed record OverlayNodeLine(
    Guid NodeId, string NodeName, string Range, string Address, bool Online, int Containers, string Problem);
