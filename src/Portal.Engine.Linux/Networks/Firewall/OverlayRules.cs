using System.Globalization;
using System.Text;
using Portal.Engine.Networks.Drivers;

namespace Portal.Engine.Linux.Networks.Firewall;

/// <summary>
/// Who may send frames into networks that span nodes. VXLAN itself asks nobody: whoever reaches the port and knows the number could
/// put frames onto the bridge. The rules look at numbers of this instance's networks alone, since others share the port.
/// </summary>
internal static class OverlayRules
{
    /// <summary>Writes a chain, when there is anything to guard.</summary>
    public static void Append(StringBuilder text, IReadOnlyList<FirewallOverlay> overlays)
    {
        if (overlays.Count == 0)
        {
            return;
        }

        // Before connections are tracked: what is dropped costs no entry there.
        // The number is 24 bits, behind 8 bytes of UDP and 4 of VXLAN.
        text.Append("  chain overlays {\n    type filter hook prerouting priority -310; policy accept;\n");
        foreach (var overlay in overlays)
        {
            var from = overlay.Nodes.Count == 0 ? "" : $" ip saddr != {{ {string.Join(", ", overlay.Nodes)} }}";
            text.Append(
                CultureInfo.InvariantCulture,
                $"    fib daddr type local udp dport {overlay.Port} @th,96,24 {overlay.Vni}{from} drop\n");
        }

        text.Append("  }\n");
    }
}
