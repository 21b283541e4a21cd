namespace Portal.Engine.Archives;

/// <summary>What came in front of an entry's own header.</summary>
internal sealed class TarExtras
{
    public PaxRecords Records { get; } = new();

    public byte[]? LongName { get; set; }

    public byte[]? LongLink { get; set; }
}
