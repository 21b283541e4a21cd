using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Portal.Data.Migrating;

/// <summary>The migrations that this build carries, in order.</summary>
public sealed partial class MigrationSet
{
    private MigrationSet(IReadOnlyList<Migration> migrations) => Migrations = migrations;

    /// <summary>Those of <c>db/migrations</c>, embedded at build time.</summary>
    public static MigrationSet Embedded { get; } = Create(ReadEmbedded());

    public IReadOnlyList<Migration> Migrations { get; }

    /// <summary>Checks names and order.</summary>
    /// <param name="files">File name and text of each.</param>
    /// <exception cref="MigrationException">A name is not of the form <c>NNNN_imperative_name.sql</c>, or a number is missing or doubled.</exception>
    public static MigrationSet Create(IEnumerable<(string FileName, string Sql)> files)
    {
        var migrations = files.Select(Read).OrderBy(migration => migration.Number).ToList();
        for (var i = 0; i < migrations.Count; i++)
        {
            if (migrations[i].Number != i + 1)
            {
                throw new MigrationException(
                    $"The migrations must be numbered from 0001 without gaps; '{migrations[i].Name}' stands where {i + 1:0000} is due.");
            }
        }

        return new MigrationSet(migrations);
    }

    private static Migration Read((string FileName, string Sql) file)
    {
        var match = FileNames().Match(file.FileName);
        if (!match.Success)
        {
            throw new MigrationException($"'{file.FileName}' is no name for a migration: use NNNN_imperative_name.sql.");
        }

        // Line ends may differ between checkouts; they are no change.
        var text = file.Sql.ReplaceLineEndings("\n");
        var checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return new Migration(int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), file.FileName[..^4], text, checksum);
    }

    private static IEnumerable<(string FileName, string Sql)> ReadEmbedded()
    {
        var assembly = typeof(MigrationSet).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith("migrations/", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
            yield return (name["migrations/".Length..], reader.ReadToEnd());
        }
    }

    [GeneratedRegex("^([0-9]{4})_[a-z0-9]+(?:_[a-z0-9]+)*\\.sql$", RegexOptions.CultureInvariant)]
    private static partial Regex FileNames();
}
