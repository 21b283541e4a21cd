using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using Npgsql;
using Portal.Data.Migrating;

namespace Portal.Data.Backups;

/// <summary>Restores a backup into an empty database, in one transaction: all of it is there, or nothing.</summary>
public sealed partial class BackupReader(NpgsqlDataSource database, Migrator migrator, MigrationSet migrations)
{
    private const int LargestBlock = 1024 * 1024;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Restores it, and brings it to this portal's version.</summary>
    /// <param name="source">The backup.</param>
    /// <param name="passphrase">That with which it was written.</param>
    /// <param name="files">Where the portal's files go. One that is there already must be the same.</param>
    /// <param name="cancellationToken">Ends it early: the database stays empty.</param>
    /// <returns>When the backup was made.</returns>
    /// <exception cref="BackupException">
    /// The backup or the passphrase is wrong, the database is not empty, or a file stands in the way.
    /// </exception>
    public async Task<DateTimeOffset> RestoreAsync(
        Stream source, string passphrase, IReadOnlyList<BackupFile> files, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = transaction.ConfigureAwait(false);
        await EnsureEmptyAsync(connection, cancellationToken).ConfigureAwait(false);

        var manifest = await FillAsync(connection, transaction, source, passphrase, null, cancellationToken).ConfigureAwait(false);

        // Before the rows are there for good: a portal that found them without their key would not start.
        foreach (var file in files)
        {
            await RestoreAsync(file, manifest, cancellationToken).ConfigureAwait(false);
        }

        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        await migrator.MigrateAsync(cancellationToken).ConfigureAwait(false);
        return manifest.CreatedAt;
    }

    // All that is in it, up to its end, into tables that are made for it.
    private async Task<BackupManifest> FillAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Stream source, string passphrase,
        IDictionary<string, byte[]>? digests, CancellationToken cancellationToken)
    {
        var opened = await OpeningStream.OpenAsync(source, passphrase, cancellationToken).ConfigureAwait(false);
        await using var _ = opened.ConfigureAwait(false);
        var unpacked = new GZipStream(opened, CompressionMode.Decompress);
        await using var __ = unpacked.ConfigureAwait(false);
        var manifest = BackupManifest.Parse(
            await ReadBlockAsync(unpacked, BackupManifest.MaximumSize, cancellationToken).ConfigureAwait(false) ?? throw Incomplete());
        CheckVersion(manifest);
        await migrator.ApplyToAsync(transaction, manifest.Migrations.Count, cancellationToken).ConfigureAwait(false);
        await FillAsync(connection, manifest, unpacked, digests, cancellationToken).ConfigureAwait(false);
        await BackupTables.ContinueNumbersAsync(connection, cancellationToken).ConfigureAwait(false);

        // Also reads the last chunk, which says that nothing was cut off.
        if (await unpacked.ReadAsync(new byte[1], cancellationToken).ConfigureAwait(false) != 0
            || await opened.ReadAsync(new byte[1], cancellationToken).ConfigureAwait(false) != 0)
        {
            throw new BackupException("The backup goes on where it should end.");
        }

        return manifest;
    }

    private void CheckVersion(BackupManifest manifest)
    {
        var known = migrations.Migrations.Select(migration => migration.Checksum).Take(manifest.Migrations.Count);
        if (!manifest.Migrations.SequenceEqual(known))
        {
            throw new BackupException(
                "The backup was made by a newer portal, or by another one: restore it with the version that made it.");
        }
    }

    private static async Task EnsureEmptyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(
            "select count(*) from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')", connection);
        await using var _ = command.ConfigureAwait(false);
        if (await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is not 0L)
        {
            throw new BackupException(
                "The database of PORTAL_DB is not empty. Make a new one (createdb), and give that: nothing is overwritten.");
        }
    }

    private static async Task FillAsync(
        NpgsqlConnection connection, BackupManifest manifest, Stream source, IDictionary<string, byte[]>? digests,
        CancellationToken cancellationToken)
    {
        var known = (await BackupTables.ReadAsync(connection, cancellationToken).ConfigureAwait(false)).ToDictionary(table => table.Name);
        foreach (var table in manifest.Tables)
        {
            if (!known.TryGetValue(table.Name, out var there) || table.Columns.Except(there.Columns).Any())
            {
                throw new BackupException($"The backup holds a table '{table.Name}' that this version does not have so.");
            }

            // What a migration has put there is in the backup, as it was then.
            var clear = new NpgsqlCommand($"delete from {BackupTable.Quote(table.Name)}", connection);
            await using (clear.ConfigureAwait(false))
            {
                await clear.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }

            using var digest = digests is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await FillAsync(connection, table, source, digest, cancellationToken).ConfigureAwait(false);
            if (digest is not null)
            {
                digests![table.Name] = digest.GetCurrentHash();
            }
        }
    }

    private static async Task FillAsync(
        NpgsqlConnection connection, BackupTable table, Stream source, IncrementalHash? digest, CancellationToken cancellationToken)
    {
        var copy = $"copy {table.Sql} from stdin (format binary)";
        var rows = await connection.BeginRawBinaryCopyAsync(copy, cancellationToken).ConfigureAwait(false);
        await using var _ = rows.ConfigureAwait(false);
        try
        {
            while (await ReadBlockAsync(source, LargestBlock, cancellationToken).ConfigureAwait(false) is { } block)
            {
                digest?.AppendData(block);
                await rows.WriteAsync(block, cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            // Else disposing would take what came for all.
            await rows.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<byte[]?> ReadBlockAsync(Stream source, int largest, CancellationToken cancellationToken)
    {
        var head = new byte[4];
        await ReadAsync(source, head, cancellationToken).ConfigureAwait(false);
        var length = BinaryPrimitives.ReadInt32BigEndian(head);
        if (length < 0 || length > largest)
        {
            throw Incomplete();
        }

        var block = new byte[length];
        await ReadAsync(source, block, cancellationToken).ConfigureAwait(false);
        return length == 0 ? null : block;
    }

    private static async Task ReadAsync(Stream source, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            await source.ReadExactlyAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is EndOfStreamException or InvalidDataException)
        {
            throw Incomplete(failure);
        }
    }

    private static async Task RestoreAsync(BackupFile file, BackupManifest manifest, CancellationToken cancellationToken)
    {
        if (!manifest.Files.TryGetValue(file.Name, out var content))
        {
            return;
        }

        if (File.Exists(file.Path))
        {
            var there = await File.ReadAllBytesAsync(file.Path, cancellationToken).ConfigureAwait(false);
            if (!there.AsSpan().SequenceEqual(content))
            {
                throw new BackupException(
                    $"'{file.Path}' is there and is another than that of the backup. Move it away, or give another PORTAL_DATA.");
            }

            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(file.Path)!, OwnerOnly | UnixFileMode.UserExecute);
        var temporary = file.Path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
        var target = new FileStream(temporary, options);
        await using (target.ConfigureAwait(false))
        {
            await target.WriteAsync(content, cancellationToken).ConfigureAwait(false);
            target.Flush(flushToDisk: true);
        }

        File.Move(temporary, file.Path, overwrite: false);
    }

    private static BackupException Incomplete(Exception? inner = null) => new("The backup's contents are not as they should be.", inner);
}
