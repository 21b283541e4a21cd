using System.Text;

namespace Portal.Engine.Linux.Networks.Firewall.Others;

/// <summary>
/// Follows a packet through a base chain. A rule that depends on more than is known of the packet is passed over, whatever its verdict:
/// what remains is what happens to packets in general. Where interfaces or ports are looked up in a set that could not be read, the packet
/// gets the benefit of the doubt.
/// </summary>
internal sealed class FilterWalk(IReadOnlyCollection<FilterChain> chains)
{
    // nf_tables itself allows 16 jumps (NFT_JUMP_STACK_SIZE).
    private const int MostJumps = 16;
    private const int Accept = 1;
    private const int Drop = 0;
    private const int Jump = -3;
    private const int Goto = -4;
    private const int Return = -5;
    private const int NameLength = 16;
    private const int PortLength = 2;
    private const int Transport = 2;
    private const int Inverted = 1;

    private readonly Dictionary<((bool IsLegacy, byte Family, string Table) Scope, string Name), FilterChain> _chains =
        chains.ToDictionary(chain => (chain.Scope, chain.Name));

    private enum Outcome
    {
        Undecided,
        Passes,
        Stops,
    }

    /// <summary>Does this base chain let such packets through?</summary>
    public bool Passes(FilterChain chain, FilteredPacket packet) => Walk(chain, packet, 0) switch
    {
        Outcome.Undecided => !chain.Drops,
        var outcome => outcome == Outcome.Passes,
    };

    private Outcome Walk(FilterChain chain, FilteredPacket packet, int depth)
    {
        foreach (var rule in chain.Rules)
        {
            var (verdict, target) = Apply(chain, rule, packet);
            switch (verdict)
            {
                case Accept:
                    return Outcome.Passes;
                case Drop:
                    return Outcome.Stops;
                case Return:
                    return Outcome.Undecided;
                case Jump or Goto when depth < MostJumps && _chains.TryGetValue((chain.Scope, target), out var next):
                    var outcome = Walk(next, packet, depth + 1);
                    if (outcome != Outcome.Undecided || verdict == Goto)
                    {
                        return outcome;
                    }

                    break;
            }
        }

        return Outcome.Undecided;
    }

    /// <summary>The verdict of a rule; null when it has none for this packet, or depends on what is not known.</summary>
    private static (int? Verdict, string Target) Apply(FilterChain chain, IReadOnlyList<FilterStep> rule, FilteredPacket packet)
    {
        var registers = new FilterRegisters();
        var isVague = false;
        var ofPort = new HashSet<int>();
        foreach (var step in rule)
        {
            switch (step.Kind)
            {
                case "meta" or "ct":
                    registers.Load(step.Target, Load(step, packet));
                    break;
                case "payload":
                    registers.Load(step.Target, packet.Header(step.Number, step.Bytes));
                    _ = step.Number == Transport ? ofPort.Add(step.Target) : ofPort.Remove(step.Target);
                    break;
                case "bitwise":
                    registers.Load(step.Target, registers.Of(step.Source) is { } bytes ? Mask(bytes, step.Data) : null);
                    break;
                case "cmp" when step.Number is 0 or 1 && registers.Of(step.Source) is { } known:
                    if (known.AsSpan().StartsWith(step.Data) == (step.Number != 0))
                    {
                        return (null, "");
                    }

                    // Some of these protocols, and this very port: that is meant for name servers.
                    isVague &= !ofPort.Contains(step.Source);
                    break;
                case "lookup" when chain.Sets.TryGetValue(step.Name, out var set):
                    if (registers.Read(step.Source, set.KeyLength) is not { } key)
                    {
                        return (null, "");
                    }

                    var element = set.Find(key);
                    if (element is null != ((step.Number & Inverted) != 0))
                    {
                        return (null, "");
                    }

                    isVague &= !ofPort.Contains(step.Source);
                    if (step.Target == 0 && element?.Verdict is { } given)
                    {
                        return isVague ? (null, "") : (given, element.Chain);
                    }

                    if (step.Target > 0)
                    {
                        registers.Load(step.Target, element?.Data);
                    }

                    break;
                case "lookup" when registers.Of(step.Source) is { Length: NameLength or PortLength }:
                    return (Accept, "");
                case "lookup" when registers.Of(step.Source) is { Length: 1 }:
                    isVague = true;
                    break;
                case "immediate" when step.Target == 0:
                    return isVague ? (null, "") : (step.Number, step.Name);
                case "reject" or "target" when step.Kind == "reject" || step.Name == "REJECT":
                    return isVague ? (null, "") : (Drop, "");
                case "counter" or "log" or "immediate" or "target":
                    break;
                case "match" when FilterMatch.Applies(step, packet) is { } applies:
                    if (!applies)
                    {
                        return (null, "");
                    }

                    break;
                default:
                    return (null, "");
            }
        }

        return (null, "");
    }

    private static byte[]? Load(FilterStep step, FilteredPacket packet) => (step.Kind, step.Number) switch
    {
        ("meta", 3) => new byte[4],
        ("meta", 6) => NameOf(packet.From),
        ("meta", 7) => NameOf(packet.To),
        ("meta", 16) => packet.Protocol is { } protocol ? [protocol] : null,
        ("meta", 15) => [(byte)(packet.IsIpv6 ? 10 : 2)],

        // NF_CT_STATE_BIT(IP_CT_NEW) and IPS_DST_NAT, in the host's order as the kernel has them.
        ("ct", 0) => [8, 0, 0, 0],
        ("ct", 2) => [(byte)(packet.IsTranslated ? 0x20 : 0), 0, 0, 0],
        _ => null,
    };

    private static byte[] NameOf(string name)
    {
        var bytes = new byte[NameLength];
        Encoding.ASCII.GetBytes(name.AsSpan(0, Math.Min(name.Length, NameLength - 1)), bytes);
        return bytes;
    }

    private static byte[] Mask(byte[] bytes, byte[] mask)
    {
        var result = new byte[bytes.Length];
        for (var index = 0; index < Math.Min(bytes.Length, mask.Length); index++)
        {
            result[index] = (byte)(bytes[index] & mask[index]);
        }

        return result;
    }
}
