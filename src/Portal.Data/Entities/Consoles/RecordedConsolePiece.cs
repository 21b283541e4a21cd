namespace Portal.Data.Entities.Consoles;

/// <summary>A stretch of a recording.</summary>
public sealed class RecordedConsolePiece
{
    public Guid ConsoleId { get; set; }

    /// <summary>Where it begins in the recording.</summary>
    public long FirstByte { get; set; }

    public byte[] Data { get; set; } = [];
}
