using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace Portal.Data.Backups;

/// <content>Whether a backup brings back what it holds.</content>
public sealed partial class BackupReader
{
    private const int CompareBufferSize = 64 * 1024;

    /// <summary>
    /// Restores a backup into the database, which is to be an empty one for this alone, reads all rows back, and compares them with
    /// those of the backup, byte for byte; then brings it to this portal's version, as a restore does. No file is written.
    /// </summary>
    /// <param name="source">The backup.</param>
    /// <param name="passphrase">That with which it was written.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="BackupException">
    /// The backup or the passphrase is wrong, the database is not empty, or something came back otherwise.
    /// </exception>
    public async Task<BackupContents> CheckAsync(Stream source, string passphrase, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = transaction.ConfigureAwait(false);
        await EnsureEmptyAsync(connection, cancellationToken).ConfigureAwait(false);
        var digests = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var manifest = await FillAsync(connection, transaction, source, passphrase, digests, cancellationToken).ConfigureAwait(false);

        // Rows are to come in the order in which they were put there: a scan may begin in the middle otherwise.
        await RunAsync(connection, "set local synchronize_seqscans = off", cancellationToken).ConfigureAwait(false);
        var rows = 0L;
        foreach (var table in manifest.Tables)
        {
            var digest = await DigestAsync(connection, table, cancellationToken).ConfigureAwait(false);
            if (!digest.AsSpan().SequenceEqual(digests[table.Name]))
            {
                throw new BackupException($"The rows of '{table.Name}' did not come back as they are in the backup.");
            }

            var count = $"select count(*) from {BackupTable.Quote(table.Name)}";
            rows += Convert.ToInt64(
                await RunAsync(connection, count, cancellationToken).ConfigureAwait(false), CultureInfo.InvariantCulture);
        }

        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        await migrator.MigrateAsync(cancellationToken).ConfigureAwait(false);
        return new BackupContents(manifest.CreatedAt, manifest.Tables.Count, rows, manifest.Files);
    }

    private static async Task<byte[]> DigestAsync(NpgsqlConnection connection, BackupTable table, CancellationToken cancellationToken)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var rows = await connection.BeginRawBinaryCopyAsync($"copy {table.Sql} to stdout (format binary)", cancellationToken)
            .ConfigureAwait(false);
        await using var _ = rows.ConfigureAwait(false);
        var buffer = new byte[CompareBufferSize];
        while (await rows.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
        {
            digest.AppendData(buffer, 0, count);
        }

        return digest.GetCurrentHash();
    }

    private static async Task<object?> RunAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(statement, connection);
        await using var _ = command.ConfigureAwait(false);
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
    }
}
