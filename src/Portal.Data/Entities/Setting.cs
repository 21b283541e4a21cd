namespace Portal.Data.Entities;

/// <summary>A setting that holds for all portals of one database.</summary>
public sealed class Setting
{
    public string Key { get; set; } = "";

    public string Value { get; set; } = "";

    public DateTimeOffset UpdatedAt { get; set; }
}
