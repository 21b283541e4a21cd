namespace Portal.Data.Entities;

/// <summary>What one person chose for themselves alone, such as the columns of a list.</summary>
public sealed class UserPreference
{
    public Guid UserId { get; set; }

    /// <summary>What it is about.</summary>
    public string Key { get; set; } = "";

    /// <summary>In the form of whoever reads it.</summary>
    public string Value { get; set; } = "";
}
