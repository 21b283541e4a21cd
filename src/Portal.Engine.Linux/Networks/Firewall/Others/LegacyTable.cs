using System.Buffers.Binary;
using System.Text;

namespace Portal.Engine.Linux.Networks.Firewall.Others;

/// <summary>Takes a table of legacy iptables apart, and tells its rules as those of nf_tables.</summary>
internal static class LegacyTable
{
    private const int ExtensionHeader = 32;
    private const int InterfaceLength = 16;
    private const byte Goto = 2;
    private const byte Fragments = 1;

    /// <param name="entries">One after the other, as the kernel gives them.</param>
    /// <param name="hooks">Where packets begin, by hook: five numbers.</param>
    /// <param name="layout">Of which family.</param>
    /// <exception cref="IOException">It is malformed.</exception>
    public static IReadOnlyList<FilterChain> Read(ReadOnlySpan<byte> entries, ReadOnlySpan<byte> hooks, LegacyLayout layout)
    {
        var input = BinaryPrimitives.ReadInt32LittleEndian(hooks[4..]);
        var forward = BinaryPrimitives.ReadInt32LittleEndian(hooks[8..]);
        var heads = Heads(entries, layout);
        (heads[input], heads[forward]) = ("INPUT", "FORWARD");
        var chains = new List<FilterChain>();
        for (var at = 0; at < entries.Length;)
        {
            var (target, next) = Offsets(entries, at, layout);
            if (heads.TryGetValue(at, out var name))
            {
                chains.Add(new FilterChain(layout.Family, "filter", name)
                {
                    IsLegacy = true, IsInput = at == input, IsForward = at == forward,
                });
            }

            // What stands before the first that is known is of another hook.
            if (chains.Count > 0)
            {
                var isGoto = (entries[at + layout.FlagsAt] & Goto) != 0;
                var steps = new List<FilterStep>();
                AddHeader(steps, entries[at..(at + layout.Length)], layout);
                AddMatches(steps, entries[(at + layout.Length)..(at + target)]);
                steps.Add(Target(entries[(at + target)..(at + next)], isGoto, heads));
                chains[^1].Rules.Add(steps);
            }

            at += next;
        }

        return chains;
    }

    /// <summary>Chains of people's own begin behind an entry with the target ERROR, which has their name.</summary>
    private static Dictionary<int, string> Heads(ReadOnlySpan<byte> entries, LegacyLayout layout)
    {
        var heads = new Dictionary<int, string>();
        for (var at = 0; at < entries.Length;)
        {
            var (target, next) = Offsets(entries, at, layout);
            if (Text(entries.Slice(at + target + 2, 29)) == "ERROR" && next > target + ExtensionHeader)
            {
                heads[at + next] = Text(entries[(at + target + ExtensionHeader)..(at + next)]);
            }

            at += next;
        }

        return heads;
    }

    private static (int Target, int Next) Offsets(ReadOnlySpan<byte> entries, int at, LegacyLayout layout)
    {
        if (entries.Length - at >= layout.Length)
        {
            var target = BinaryPrimitives.ReadUInt16LittleEndian(entries[(at + layout.OffsetsAt)..]);
            var next = BinaryPrimitives.ReadUInt16LittleEndian(entries[(at + layout.OffsetsAt + 2)..]);
            if (target >= layout.Length && next >= target + ExtensionHeader && at + next <= entries.Length)
            {
                return (target, next);
            }
        }

        throw new IOException($"The kernel's table of {layout.Program} is not in the form that is known.");
    }

    private static void AddHeader(List<FilterStep> steps, ReadOnlySpan<byte> entry, LegacyLayout layout)
    {
        var inverted = entry[layout.InvertedAt];
        if ((entry[layout.FlagsAt] & Fragments) != 0)
        {
            steps.Add(new FilterStep("fragment", 0, 0, -1));
        }

        for (var side = 0; side < 2; side++)
        {
            var name = entry.Slice(layout.InterfacesAt + (side * InterfaceLength), InterfaceLength);
            var mask = entry.Slice(layout.InterfacesAt + ((2 + side) * InterfaceLength), InterfaceLength);
            AddMasked(steps, new FilterStep("meta", side == 0 ? 6 : 7, 0, 1), name, mask, (inverted & (1 << side)) != 0);

            var length = layout.AddressLength;
            var from = layout.SourceAt + (side * length);
            AddMasked(
                steps,
                new FilterStep("payload", 1, 0, 1) { Bytes = from..(from + length) },
                entry.Slice(side * length, length),
                entry.Slice((2 + side) * length, length),
                (inverted & (8 << side)) != 0);
        }

        var protocol = BinaryPrimitives.ReadUInt16LittleEndian(entry[layout.ProtocolAt..]);
        if (protocol != 0)
        {
            AddMasked(steps, new FilterStep("meta", 16, 0, 1), [(byte)protocol], [0xFF], (inverted & 0x40) != 0);
        }
    }

    private static void AddMasked(
        List<FilterStep> steps, FilterStep load, ReadOnlySpan<byte> value, ReadOnlySpan<byte> mask, bool isInverted)
    {
        if (mask.ContainsAnyExcept((byte)0))
        {
            // Where names of interfaces are masked, the plus stands behind the mask.
            var compared = value.ToArray();
            for (var index = 0; index < compared.Length; index++)
            {
                compared[index] &= mask[index];
            }

            steps.Add(load);
            steps.Add(new FilterStep("bitwise", 0, load.Target, load.Target) { Data = mask.ToArray() });
            steps.Add(new FilterStep("cmp", isInverted ? 1 : 0, load.Target, 0) { Data = compared });
        }
    }

    private static void AddMatches(List<FilterStep> steps, ReadOnlySpan<byte> matches)
    {
        while (matches.Length >= ExtensionHeader)
        {
            var size = BinaryPrimitives.ReadUInt16LittleEndian(matches);
            if (size < ExtensionHeader || size > matches.Length)
            {
                steps.Add(new FilterStep("unknown", 0, 0, -1));
                return;
            }

            steps.Add(new FilterStep("match", 0, 0, -1)
            {
                Name = Text(matches.Slice(2, 29)), Data = matches[ExtensionHeader..size].ToArray(),
            });
            matches = matches[size..];
        }
    }

    private static FilterStep Target(ReadOnlySpan<byte> target, bool isGoto, Dictionary<int, string> heads)
    {
        var name = Text(target.Slice(2, 29));
        if (name.Length > 0 || target.Length < ExtensionHeader + sizeof(int))
        {
            return new FilterStep("target", 0, 0, -1) { Name = name };
        }

        // A standard target: below zero a verdict (-1 - NF_DROP, -1 - NF_ACCEPT, XT_RETURN), else where it goes on.
        const int back = -5;
        var verdict = BinaryPrimitives.ReadInt32LittleEndian(target[ExtensionHeader..]);
        return verdict switch
        {
            back => new FilterStep("immediate", back, 0, 0),
            < 0 => new FilterStep("immediate", -1 - verdict, 0, 0),
            _ => new FilterStep("immediate", isGoto ? -4 : -3, 0, 0) { Name = heads.GetValueOrDefault(verdict, "") },
        };
    }

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? bytes : bytes[..end]);
    }
}
