using Portal.Web.Backups.S3;

namespace Portal.Web.Backups.Stores;

/// <summary>Backups as objects of a bucket, whose names begin with a prefix.</summary>
internal sealed class S3Store(S3Client client, string bucket, string prefix) : IBackupStore
{
    public string Place => $"s3://{bucket}/{prefix}";

    public async Task<StoredBackup> WriteAsync(string name, Func<DigestStream, Task> write, CancellationToken cancellationToken)
    {
        var key = KeyOf(name);
        if (await client.SizeAsync(key, cancellationToken) is not null)
        {
            throw new S3Exception(E("'{0}{1}' is there already; a backup overwrites nothing.", Place, name));
        }

        await using var upload = new S3Upload(client, key);
        await using var counted = new DigestStream(upload);
        try
        {
            await write(counted);
            await upload.CompleteAsync(cancellationToken);
        }
        catch
        {
            await upload.AbortAsync();
            throw;
        }

        // What is kept elsewhere is asked for, rather than believed to be there.
        var stored = counted.Read();
        var size = await client.SizeAsync(key, cancellationToken);
        return size == stored.Bytes ? stored
            : throw new S3Exception(E("The storage has {0} bytes of '{1}' after {2} were sent.", size ?? 0, key, stored.Bytes));
    }

    public Task<Stream> OpenAsync(string name, CancellationToken cancellationToken) => client.OpenAsync(KeyOf(name), cancellationToken);

    public Task RemoveAsync(string name, CancellationToken cancellationToken) => client.RemoveAsync(KeyOf(name), cancellationToken);

    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await client.ListAsync(prefix, cancellationToken)).Select(item => item.Key)
            .Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).Select(key => key[prefix.Length..])
            .Where(name => name.Length > 0 && !name.Contains('/', StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public void Dispose() => client.Dispose();

    private string KeyOf(string name) => name.Length > 0 && !name.Contains('/', StringComparison.Ordinal)
        ? prefix + name : throw new S3Exception(E("'{0}' is no name of a backup.", name));
}
