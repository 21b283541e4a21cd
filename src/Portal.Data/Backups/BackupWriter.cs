using System.Buffers.Binary;
using System.Data;
using System.IO.Compression;
using Npgsql;
using Portal.Data.Migrating;

namespace Portal.Data.Backups;

/// <summary>Writes a backup of the portal: the rows of its database as of one moment, and its own files; encrypted, as a stream.</summary>
public sealed class BackupWriter(NpgsqlDataSource database, MigrationSet migrations, TimeProvider time)
{
    private const int BlockSize = 64 * 1024;

    /// <summary>Writes it. Portals may work meanwhile.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="passphrase">Who knows it can read the backup.</param>
    /// <param name="files">The portal's files.</param>
    /// <param name="cancellationToken">Ends it early: what is written then can't be restored.</param>
    /// <exception cref="BackupException">The database is not of this portal's version.</exception>
    public async Task WriteAsync(
        Stream target, string passphrase, IEnumerable<BackupFile> files, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken).ConfigureAwait(false);
        await using var __ = transaction.ConfigureAwait(false);
        var applied = await ReadMigrationsAsync(connection, cancellationToken).ConfigureAwait(false);
        if (!applied.SequenceEqual(migrations.Migrations.Select(migration => migration.Checksum)))
        {
            throw new BackupException(
                "The database is not of this portal's version. Start the portal on it once, or back it up with the version that it is of.");
        }

        var tables = await BackupTables.ReadAsync(connection, cancellationToken).ConfigureAwait(false);
        var contents = await ReadFilesAsync(files, cancellationToken).ConfigureAwait(false);
        var manifest = new BackupManifest(time.GetUtcNow(), applied, tables, contents);
        var seal = new SealingStream(target, passphrase);
        await using var ___ = seal.ConfigureAwait(false);
        var packed = new GZipStream(seal, CompressionLevel.Fastest, leaveOpen: true);
        await using (packed.ConfigureAwait(false))
        {
            await WriteBlockAsync(packed, manifest.Serialize(), cancellationToken).ConfigureAwait(false);
            foreach (var table in tables)
            {
                await WriteRowsAsync(connection, table, packed, cancellationToken).ConfigureAwait(false);
            }
        }

        await seal.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task WriteRowsAsync(
        NpgsqlConnection connection, BackupTable table, Stream target, CancellationToken cancellationToken)
    {
        var copy = $"copy {table.Sql} to stdout (format binary)";
        var rows = await connection.BeginRawBinaryCopyAsync(copy, cancellationToken).ConfigureAwait(false);
        await using var _ = rows.ConfigureAwait(false);
        var buffer = new byte[BlockSize];
        while (await rows.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
        {
            await WriteBlockAsync(target, buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
        }

        await WriteBlockAsync(target, ReadOnlyMemory<byte>.Empty, cancellationToken).ConfigureAwait(false);
    }

    private static async Task WriteBlockAsync(Stream target, ReadOnlyMemory<byte> block, CancellationToken cancellationToken)
    {
        var head = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(head, block.Length);
        await target.WriteAsync(head, cancellationToken).ConfigureAwait(false);
        await target.WriteAsync(block, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<Dictionary<string, byte[]>> ReadFilesAsync(IEnumerable<BackupFile> files, CancellationToken cancellationToken)
    {
        var contents = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var file in files.Where(file => File.Exists(file.Path)))
        {
            contents[file.Name] = await File.ReadAllBytesAsync(file.Path, cancellationToken).ConfigureAwait(false);
        }

        return contents;
    }

    private static async Task<List<string>> ReadMigrationsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand("select checksum from schema_migrations order by number", connection);
        await using var _ = command.ConfigureAwait(false);
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        var checksums = new List<string>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            checksums.Add(reader.GetString(0));
        }

        return checksums;
    }
}
