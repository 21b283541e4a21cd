using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Portal.Contracts.Networks.V1;
using Portal.Data.Entities.Overlays;

namespace Portal.Web.Features.Overlays.Telling;

/// <summary>What each node is told of the others, made of what they told. Pure.</summary>
internal static partial class OverlayTables
{
    private const int MostEndpoints = 4096;
    private const int MostNames = 64;
    private const int LongestName = 253;
    private const int MostTargets = 128;

    /// <summary>What a node told last.</summary>
    public static IReadOnlyList<OverlayRow> Read(OverlayMember member) =>
        JsonSerializer.Deserialize<List<OverlayRow>>(member.Endpoints) ?? [];

    /// <summary>The names of the containers that it told of.</summary>
    public static IEnumerable<string> Containers(OverlayMember member) =>
        Read(member).Where(row => row.Names.Count > 0).Select(row => row.Names[0]);

    /// <summary>
    /// What is to be kept of what a node told. A node speaks for its own part of the addresses alone: one that was taken over must not
    /// draw to itself what is meant for others.
    /// </summary>
    public static string Keep(OverlayNetwork network, OverlayMember member, IEnumerable<OverlayEndpoint> told)
    {
        var range = OverlayAddresses.Range(network, member.Block);
        var kept = told
            .Where(endpoint => IPAddress.TryParse(endpoint.Address, out var address)
                && address.AddressFamily == AddressFamily.InterNetwork
                && address.ToString() == endpoint.Address
                && range.Contains(address)
                && Mac().IsMatch(endpoint.MacAddress))
            .DistinctBy(endpoint => endpoint.Address)
            .Take(MostEndpoints)
            .OrderBy(endpoint => endpoint.Address, StringComparer.Ordinal)
            .Select(endpoint => new OverlayRow(
                endpoint.Address,
                endpoint.MacAddress.ToLowerInvariant(),
                [.. endpoint.Names.Where(name => name.Length is > 0 and <= LongestName).Take(MostNames)])
            {
                Targets = endpoint.Targets.Count == 0 ? null
                    : [.. endpoint.Targets.Where(IsSound).Take(MostTargets).Select(target =>
                        new OverlayTarget(OverlayPorts.Write(target.Port, target.Protocol), target.TargetPort))],
                State = endpoint.State is IngressState.Ready or IngressState.Leaving ? endpoint.State : IngressState.Unspecified,
            });
        return JsonSerializer.Serialize(kept);
    }

    /// <summary>Those of a node that are about to go, and that nobody leads to once all others have the newest table.</summary>
    public static IEnumerable<string> Leaving(OverlayMember member) =>
        Read(member).Where(row => row.State == IngressState.Leaving).Select(row => row.Address);

    /// <summary>The table of one node.</summary>
    /// <param name="network">The network.</param>
    /// <param name="self">Whose.</param>
    /// <param name="members">All its nodes.</param>
    /// <param name="isAway">
    /// True for a node that does not answer: what is there keeps being reached, and is not found by its name, nor led to from a port while
    /// others answer.
    /// </param>
    public static OverlayTable For(OverlayNetwork network, OverlayMember self, IEnumerable<OverlayMember> members, Func<Guid, bool> isAway)
    {
        var table = new OverlayTable();
        var ports = OverlayPorts.Of(network).ToHashSet(StringComparer.Ordinal);
        table.Ports.AddRange(OverlayPorts.Of(network).Select(OverlayPorts.Parse));
        var nodes = new HashSet<string>(StringComparer.Ordinal) { self.NodeAddress };
        var macs = new HashSet<string>(Read(self).Select(row => row.Mac), StringComparer.Ordinal);
        var others = members.Where(other => other.NodeId != self.NodeId && other.NodeAddress.Length > 0);
        foreach (var member in others.OrderBy(other => other.Block))
        {
            // Two agents on one host have one address; the first of them counts.
            if (!nodes.Add(member.NodeAddress))
            {
                continue;
            }

            var peer = new OverlayPeer { NodeAddress = member.NodeAddress };
            foreach (var row in Read(member).Where(row => macs.Add(row.Mac)))
            {
                var endpoint = new OverlayEndpoint { Address = row.Address, MacAddress = row.Mac };
                endpoint.Names.AddRange(isAway(member.NodeId) ? [] : row.Names);
                AddTargets(endpoint, row, ports, isAway(member.NodeId));
                peer.Endpoints.Add(endpoint);
            }

            table.Peers.Add(peer);
        }

        table.Version = VersionOf(network, table);
        return table;
    }

    private static void AddTargets(OverlayEndpoint endpoint, OverlayRow row, HashSet<string> ports, bool isAway)
    {
        foreach (var target in (row.Targets ?? []).Where(target => ports.Contains(target.Port)))
        {
            var port = OverlayPorts.Parse(target.Port);
            endpoint.Targets.Add(new IngressTarget { Protocol = port.Protocol, Port = port.Port, TargetPort = target.Target });
            endpoint.State = isAway && row.State == IngressState.Ready ? IngressState.Leaving : row.State;
        }
    }

    private static bool IsSound(IngressTarget target) =>
        target.Protocol is "tcp" or "udp" or "sctp" && target.Port is >= 1 and <= ushort.MaxValue && target.TargetPort is >= 1 and <= ushort.MaxValue;

    /// <summary>Of the content, so that it is the same in every portal and nothing counts.</summary>
    private static long VersionOf(OverlayNetwork network, OverlayTable table)
    {
        var hash = SHA256.HashData([.. network.Id.ToByteArray(), .. table.ToByteArray()]);
        return Math.Max(1, BinaryPrimitives.ReadInt64LittleEndian(hash) & long.MaxValue);
    }

    // Of one interface, not of a group.
    [GeneratedRegex(@"\A[0-9a-fA-F][02468aceACE](:[0-9a-fA-F]{2}){5}\z")]
    private static partial Regex Mac();
}
