namespace Portal.Data.Entities.Backups;

/// <summary>Where backups of the portal are kept.</summary>
public sealed class BackupDestination
{
    public Guid Id { get; set; }

    public string Name { get; set; } = "";

    /// <summary><c>folder</c> or <c>s3</c>.</summary>
    public string Kind { get; set; } = "";

    /// <summary>What is no secret, as JSON.</summary>
    public string Settings { get; set; } = "{}";

    /// <summary>The key that signs requests to a storage, encrypted; empty for none.</summary>
    public string SecretKey { get; set; } = "";

    /// <summary>With which backups are encrypted; encrypted itself.</summary>
    public string Passphrase { get; set; } = "";

    /// <summary>How many backups are kept; 0 for any number.</summary>
    public int KeepCount { get; set; }

    /// <summary>For how many days they are kept; 0 for ever.</summary>
    public int KeepDays { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ChangedAt { get; set; }
}
