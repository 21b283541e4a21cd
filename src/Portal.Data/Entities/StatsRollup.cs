namespace Portal.Data.Entities;

/// <summary>How far points of one step were made of the finer ones.</summary>
public sealed class StatsRollup
{
    /// <summary>Seconds.</summary>
    public int Step { get; set; }

    public DateTimeOffset DoneUntil { get; set; }
}
