using System.Buffers.Binary;
using Portal.Engine.Linux.Interop.Netlink;

namespace Portal.Engine.Linux.Networks.Firewall.Others;

/// <summary>
/// Reads the filters that others put on packets that are forwarded or for the host, from the kernel (linux/netfilter/nf_tables.h). Changes
/// nothing. Filters of legacy iptables are another subsystem's: <see cref="LegacyFilters"/>.
/// </summary>
internal static class FilterReader
{
    private const ushort Subsystem = 10 << 8;
    private const ushort NewChain = Subsystem | 3;
    private const ushort GetChain = Subsystem | 4;
    private const ushort NewRule = Subsystem | 6;
    private const ushort GetRule = Subsystem | 7;
    private const int GenericHeader = 4;
    private const int InputHook = 1;
    private const int ForwardHook = 2;
    private const int Inet = 1;
    private const int Ipv4 = 2;
    private const int Ipv6 = 10;

    // What a hostile or broken table may cost at most.
    private const int MostRules = 100_000;

    /// <summary>All chains of tables in which such packets are filtered, but for one table.</summary>
    /// <param name="socket">To netfilter.</param>
    /// <param name="ownTable">The table <c>inet</c> that is left out.</param>
    /// <exception cref="IOException">The kernel has no nf_tables, or does not tell.</exception>
    public static IReadOnlyList<FilterChain> Read(NetlinkSocket socket, string ownTable)
    {
        var all = Chains(socket, ownTable);
        var tables = all.Values.Where(chain => chain.IsForward || chain.IsInput).Select(chain => (chain.Family, chain.Table)).ToHashSet();
        var chains = all.Where(chain => tables.Contains((chain.Key.Family, chain.Key.Table))).ToDictionary();
        foreach (var (family, table) in tables)
        {
            AddRules(socket, family, table, chains);
            AddSets(socket, family, table, chains.Values);
        }

        return [.. chains.Values];
    }

    // Where others replace a table in one transaction while the kernel fills a message, it tells of both generations there, the new one
    // last, and does not mark the message as interrupted (nf_tables_dump_chains, net/netfilter/nf_tables_api.c).
    private static Dictionary<(byte Family, string Table, string Name), FilterChain> Chains(NetlinkSocket socket, string ownTable)
    {
        var chains = new Dictionary<(byte Family, string Table, string Name), FilterChain>();
        var request = new NetlinkRequest("list the chains of packet filters", GetChain, 0).Fixed([0, 0, 0, 0]);
        socket.Dump(request, chains.Clear, (type, content) =>
        {
            if (type == NewChain && content.Length >= GenericHeader && content[0] is Inet or Ipv4 or Ipv6)
            {
                var chain = ReadChain(content[0], new NetlinkAttributes(content[GenericHeader..]));
                if (chain.Family != Inet || chain.Table != ownTable)
                {
                    chains[(chain.Family, chain.Table, chain.Name)] = chain;
                }
            }
        });
        return chains;
    }

    private static FilterChain ReadChain(byte family, NetlinkAttributes attributes)
    {
        const ushort table = 1;
        const ushort name = 3;
        const ushort hook = 4;
        const ushort policy = 5;
        const ushort type = 7;
        var place = attributes.Text(type) == "filter" ? Number(attributes.Nested(hook), 1, -1) : -1;
        return new FilterChain(family, attributes.Text(table), attributes.Text(name))
        {
            IsForward = place == ForwardHook,
            IsInput = place == InputHook,
            Drops = Number(attributes, policy, 1) == 0,
        };
    }

    private static void AddRules(
        NetlinkSocket socket, byte family, string table, Dictionary<(byte Family, string Table, string Name), FilterChain> chains)
    {
        const ushort tableName = 1;
        const ushort chainName = 2;
        const ushort expressions = 4;
        var read = 0;
        var request = new NetlinkRequest($"list the rules of table {table}", GetRule, 0)
            .Fixed([family, 0, 0, 0])
            .Attribute(tableName, table);
        socket.Dump(
            request,
            () =>
            {
                read = 0;
                foreach (var chain in chains.Values.Where(chain => chain.Family == family && chain.Table == table))
                {
                    chain.Rules.Clear();
                }
            },
            (type, content) =>
            {
                if (type != NewRule || content.Length < GenericHeader || content[0] != family || ++read > MostRules)
                {
                    return;
                }

                var attributes = new NetlinkAttributes(content[GenericHeader..]);
                if (attributes.Text(tableName) == table && chains.TryGetValue((family, table, attributes.Text(chainName)), out var chain))
                {
                    chain.Rules.Add(attributes.TryFind(expressions, out var list) ? ReadSteps(list) : []);
                }
            });
    }

    private static void AddSets(NetlinkSocket socket, byte family, string table, IEnumerable<FilterChain> chains)
    {
        var own = chains.Where(chain => chain.Family == family && chain.Table == table).ToArray();
        var names = own.SelectMany(chain => chain.Rules).SelectMany(rule => rule)
            .Where(step => step.Kind == "lookup")
            .Select(step => step.Name)
            .ToHashSet();
        var sets = FilterSetReader.Read(socket, family, table, names);
        foreach (var chain in own)
        {
            chain.Sets = sets;
        }
    }

    private static List<FilterStep> ReadSteps(ReadOnlySpan<byte> list)
    {
        var steps = new List<FilterStep>();
        while (list.Length >= 4)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(list);
            if (length < 4 || length > list.Length)
            {
                break;
            }

            var expression = new NetlinkAttributes(list[4..length]);
            steps.Add(ReadStep(expression.Text(1), expression.Nested(2)));
            list = list[Math.Min((length + 3) & ~3, list.Length)..];
        }

        return steps;
    }

    private static FilterStep ReadStep(string kind, NetlinkAttributes data) => kind switch
    {
        "meta" or "ct" => new FilterStep(kind, Number(data, 2, -1), 0, Number(data, 1, -1)),
        "cmp" => new FilterStep(kind, Number(data, 2, -1), Number(data, 1, -1), 0) { Data = Bytes(data.Nested(3), 1) },
        "bitwise" => new FilterStep(kind, 0, Number(data, 1, -1), Number(data, 2, -1)) { Data = Bytes(data.Nested(4), 1) },
        "immediate" => ReadImmediate(data),
        "lookup" => new FilterStep(kind, Number(data, 5, 0), Number(data, 2, -1), Number(data, 3, -1)) { Name = data.Text(1) },
        "payload" => new FilterStep(kind, Number(data, 2, -1), 0, Number(data, 1, -1))
        {
            Bytes = Slice(Number(data, 3, -1), Number(data, 4, -1)),
        },
        "match" => new FilterStep(kind, 0, 0, -1) { Name = data.Text(1), Data = Bytes(data, 3) },
        "target" => new FilterStep(kind, 0, 0, -1) { Name = data.Text(1) },
        _ => new FilterStep(kind, 0, 0, -1),
    };

    private static FilterStep ReadImmediate(NetlinkAttributes data)
    {
        var verdict = data.Nested(2).Nested(2);
        return new FilterStep("immediate", Number(verdict, 1, int.MinValue), 0, Number(data, 1, -1)) { Name = verdict.Text(2) };
    }

    // Whatever does not fit a header is of no packet that is known.
    private static Range Slice(int offset, int length) =>
        offset is < 0 or > 1000 || length is < 1 or > 1000 ? ..1001 : offset..(offset + length);

    private static byte[] Bytes(NetlinkAttributes attributes, ushort type) =>
        attributes.TryFind(type, out var value) ? value.ToArray() : [];

    /// <summary>A number in the order of the net, as nf_tables has all of them.</summary>
    private static int Number(NetlinkAttributes attributes, ushort type, int absent)
    {
        return attributes.TryFind(type, out var value) && value.Length >= 4 ? BinaryPrimitives.ReadInt32BigEndian(value) : absent;
    }
}
