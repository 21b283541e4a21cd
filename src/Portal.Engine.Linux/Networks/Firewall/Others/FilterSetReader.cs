using System.Buffers.Binary;
using Portal.Engine.Linux.Interop.Netlink;

namespace Portal.Engine.Linux.Networks.Firewall.Others;

/// <summary>Reads the sets of a table that its rules look things up in (linux/netfilter/nf_tables.h). Changes nothing.</summary>
internal static class FilterSetReader
{
    private const ushort Subsystem = 10 << 8;
    private const ushort NewSet = Subsystem | 9;
    private const ushort GetSet = Subsystem | 10;
    private const ushort NewElements = Subsystem | 12;
    private const ushort GetElements = Subsystem | 13;
    private const int GenericHeader = 4;
    private const int OfRanges = 4;
    private const int EndOfRange = 1;
    private const int ForAll = 2;

    // Of a longer list, such as one of blocked addresses, nothing is kept: it is as one that was not read.
    private const int MostElements = 20_000;

    /// <summary>Those of the named sets that could be read, by name.</summary>
    public static IReadOnlyDictionary<string, FilterSet> Read(NetlinkSocket socket, byte family, string table, IReadOnlySet<string> names)
    {
        var sets = new Dictionary<string, FilterSet>(StringComparer.Ordinal);
        if (names.Count == 0)
        {
            return sets;
        }

        var request = new NetlinkRequest($"list the sets of table {table}", GetSet, 0).Fixed([family, 0, 0, 0]).Attribute(1, table);
        socket.Dump(request, sets.Clear, (type, content) =>
        {
            if (type == NewSet && content.Length >= GenericHeader && content[0] == family)
            {
                var attributes = new NetlinkAttributes(content[GenericHeader..]);
                if (attributes.Text(1) == table && names.Contains(attributes.Text(2)))
                {
                    var isOfRanges = (Number(attributes, 3) & OfRanges) != 0;
                    sets[attributes.Text(2)] = new FilterSet(Number(attributes, 5), isOfRanges, []);
                }
            }
        });
        foreach (var (name, set) in sets.ToArray())
        {
            ReadElements(socket, family, table, name, set);
            if (set.Elements.Count > MostElements)
            {
                sets.Remove(name);
            }
        }

        return sets;
    }

    private static void ReadElements(NetlinkSocket socket, byte family, string table, string name, FilterSet set)
    {
        var request = new NetlinkRequest($"list the elements of set {name}", GetElements, 0)
            .Fixed([family, 0, 0, 0])
            .Attribute(1, table)
            .Attribute(2, name);
        socket.Dump(request, set.Elements.Clear, (type, content) =>
        {
            if (type != NewElements || content.Length < GenericHeader)
            {
                return;
            }

            var attributes = new NetlinkAttributes(content[GenericHeader..]);
            if (attributes.TryFind(3, out var list))
            {
                AddElements(list, set);
            }
        });
    }

    private static void AddElements(ReadOnlySpan<byte> list, FilterSet set)
    {
        while (list.Length >= 4 && set.Elements.Count <= MostElements)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(list);
            if (length < 4 || length > list.Length)
            {
                break;
            }

            set.Elements.Add(ReadElement(new NetlinkAttributes(list[4..length])));
            list = list[Math.Min((length + 3) & ~3, list.Length)..];
        }
    }

    private static FilterElement ReadElement(NetlinkAttributes element)
    {
        const ushort key = 1;
        const ushort data = 2;
        const ushort flags = 3;
        const ushort last = 10;
        var kind = Number(element, flags);
        var given = element.Nested(data);
        var hasVerdict = given.TryFind(2, out _);
        var verdict = given.Nested(2);
        return new FilterElement(Bytes(element.Nested(key)))
        {
            Last = Bytes(element.Nested(last)),
            IsEnd = (kind & EndOfRange) != 0,
            IsForAll = (kind & ForAll) != 0,
            Data = Bytes(given),
            Verdict = hasVerdict ? Number(verdict, 1) : null,
            Chain = hasVerdict ? verdict.Text(2) : "",
        };
    }

    private static byte[] Bytes(NetlinkAttributes value) => value.TryFind(1, out var bytes) ? bytes.ToArray() : [];

    private static int Number(NetlinkAttributes attributes, ushort type) =>
        attributes.TryFind(type, out var value) && value.Length >= 4 ? BinaryPrimitives.ReadInt32BigEndian(value) : 0;
}
