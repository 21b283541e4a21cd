namespace Portal.Web.Features.Overlays.Telling;

/// <summary>One address that a node has on a network, as it is kept.</summary>
/// <param name="Address">IPv4.</param>
/// <param name="Mac">Six pairs of hexadecimal digits with colons.</param>
/// <param name="Names">What it is called; empty for the node's bridge.</param>
internal sealed record OverlayRow(string Address, string Mac, IReadOnlyList<string> Names);
