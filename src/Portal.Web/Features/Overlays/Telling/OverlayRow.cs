using System.Text.Json.Serialization;
using Portal.Contracts.Networks.V1;

namespace Portal.Web.Features.Overlays.Telling;

/// <summary>One address that a node has on a network, as it is kept.</summary>
/// <param name="Address">IPv4.</param>
/// <param name="Mac">Six pairs of hexadecimal digits with colons.</param>
/// <param name="Names">What it is called; empty for the node's bridge.</param>
internal sealed record OverlayRow(string Address, string Mac, IReadOnlyList<string> Names)
{
    /// <value>What it answers behind ports of every node.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<OverlayTarget>? Targets { get; init; }

    /// <value>Whether it takes connections to those.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public IngressState State { get; init; }
}
