using System.Text.Json;

namespace Portal.Data.Backups;

/// <summary>What is in a backup: a JSON document before the rows.</summary>
/// <param name="CreatedAt">When the database was as it is in here.</param>
/// <param name="Migrations">Checksums of the migrations that it had, in order.</param>
/// <param name="Tables">Whose rows follow, in an order in which no row comes before one that it refers to.</param>
/// <param name="Files">The portal's own files by name (<see cref="BackupFile"/>).</param>
internal sealed record BackupManifest(
    DateTimeOffset CreatedAt,
    IReadOnlyList<string> Migrations,
    IReadOnlyList<BackupTable> Tables,
    IReadOnlyDictionary<string, byte[]> Files)
{
    /// <summary>Bytes of one.</summary>
    public const int MaximumSize = 4 * 1024 * 1024;

    public byte[] Serialize() => JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Web);

    /// <exception cref="BackupException">It is none.</exception>
    public static BackupManifest Parse(byte[] json)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize<BackupManifest>(json, JsonSerializerOptions.Web);
            return manifest is { Migrations: not null, Tables: not null, Files: not null }
                ? manifest
                : throw new BackupException("The backup's list of contents is incomplete.");
        }
        catch (JsonException failure)
        {
            throw new BackupException("The backup's list of contents can't be read.", failure);
        }
    }
}

/// <summary>A table and the columns that its rows have.</summary>
internal sealed record BackupTable(string Name, IReadOnlyList<string> Columns)
{
    /// <summary>As it stands in statements of SQL.</summary>
    public string Sql => $"{Quote(Name)} ({ColumnSql})";

    public string ColumnSql => string.Join(", ", Columns.Select(Quote));

    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
