namespace Portal.Engine.Linux.Networks.Firewall.Others;

/// <summary>One step of a rule of nf_tables. Rules of legacy iptables are told in the same way.</summary>
/// <param name="Kind">The kernel's name of the expression: <c>meta</c>, <c>cmp</c>, <c>immediate</c>, ...</param>
/// <param name="Number">
/// What is loaded (<c>meta</c>, <c>ct</c>), from which header (<c>payload</c>), how it is compared (<c>cmp</c>), the verdict
/// (<c>immediate</c>).
/// </param>
/// <param name="Source">The register that is read.</param>
/// <param name="Target">The register that is written; 0 for the verdict.</param>
internal sealed record FilterStep(string Kind, int Number, int Source, int Target)
{
    /// <summary>What is compared with, the mask, or the arguments of an extension of iptables.</summary>
    public byte[] Data { get; init; } = [];

    /// <summary>The chain of a jump, the set of a look-up, or the extension of iptables.</summary>
    public string Name { get; init; } = "";

    /// <summary>Which bytes of the header are loaded.</summary>
    public Range Bytes { get; init; }
}
