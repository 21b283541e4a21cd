namespace Portal.Web.Features.Overlays;

/// <summary>What a network that spans nodes shall be.</summary>
/// <param name="Name">1 to 128 letters, digits, dots, hyphens and underscores; the first a letter or digit.</param>
/// <param name="EnvironmentId">Whose nodes it spans; null for all nodes.</param>
/// <param name="Subnet">Private IPv4 addresses in CIDR form, /8 to /24; empty to have one chosen.</param>
/// <param name="Internal">Containers on it reach nothing outside of it.</param>
public sealed record OverlayDraft(string Name, Guid? EnvironmentId = null, string Subnet = "", bool Internal = false);
