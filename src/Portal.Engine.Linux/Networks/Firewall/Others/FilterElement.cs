namespace Portal.Engine.Linux.Networks.Firewall.Others;

/// <summary>An element of a set or map of nf_tables.</summary>
/// <param name="Key">Its key; the first of a range.</param>
internal sealed record FilterElement(byte[] Key)
{
    /// <summary>The last key of a range of several fields; empty for one key, and for ranges of one field, which end by an element.</summary>
    public byte[] Last { get; init; } = [];

    /// <summary>True for one that only ends the range before it.</summary>
    public bool IsEnd { get; init; }

    /// <summary>True for the one that stands for all other keys.</summary>
    public bool IsForAll { get; init; }

    /// <summary>What a map gives.</summary>
    public byte[] Data { get; init; } = [];

    /// <summary>The verdict that a map of verdicts gives; null in others.</summary>
    public int? Verdict { get; init; }

    /// <summary>The chain of that verdict.</summary>
    public string Chain { get; init; } = "";
}
