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
                [.. endpoint.Names.Where(name => name.Length is > 0 and <= LongestName).Take(MostNames)]));
        return JsonSerializer.Serialize(kept);
    }

    /// <summary>The table of one node.</summary>
    /// <param name="network">The network.</param>
    /// <param name="self">Whose.</param>
    /// <param name="members">All its nodes.</param>
    /// <param name="isAway">True for a node that does not answer: what is there keeps being reached, and is not found by its name.</param>
    public static OverlayTable For(OverlayNetwork network, OverlayMember self, IEnumerable<OverlayMember> members, Func<Guid, bool> isAway)
    {
        var table = new OverlayTable();
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
                peer.Endpoints.Add(endpoint);
            }

            table.Peers.Add(peer);
        }

        table.Version = VersionOf(network, table);
        return table;
    }

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
