namespace Portal.Data.Entities;

/// <summary>A key of ASP.NET Core's data protection, which all portals of one database share.</summary>
public sealed class DataProtectionKey
{
    public string Name { get; set; } = "";

    public string Xml { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }
}
