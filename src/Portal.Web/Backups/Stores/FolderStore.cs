namespace Portal.Web.Backups.Stores;

/// <summary>Backups in a folder of the portal's host, readable by its user alone.</summary>
internal sealed class FolderStore(string folder) : IBackupStore
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Part = ".part";

    public string Place => folder;

    public async Task<StoredBackup> WriteAsync(string name, Func<DigestStream, Task> write, CancellationToken cancellationToken)
    {
        var path = PathOf(name);
        if (File.Exists(path))
        {
            throw new IOException(E("'{0}' is there already; a backup overwrites nothing.", path));
        }

        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        var part = path + Part;
        try
        {
            StoredBackup stored;
            var create = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
            await using (var target = new FileStream(part, create))
            {
                await using var counted = new DigestStream(target);
                await write(counted);
                await target.FlushAsync(cancellationToken);
                target.Flush(flushToDisk: true);
                stored = counted.Read();
            }

            File.Move(part, path, overwrite: false);
            return stored;
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    public Task<Stream> OpenAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult<Stream>(File.OpenRead(PathOf(name)));

    public Task RemoveAsync(string name, CancellationToken cancellationToken)
    {
        var path = PathOf(name);
        if (File.Exists(path))
        {
            File.Delete(path);
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>(Directory.Exists(folder)
            ? [.. new DirectoryInfo(folder).GetFiles().Where(file => file.Extension != Part).Select(file => file.Name)
                .Order(StringComparer.Ordinal)]
            : []);

    public void Dispose()
    {
    }

    private string PathOf(string name) => name.Length > 0 && name == Path.GetFileName(name) && name is not ("." or "..")
        ? Path.Combine(folder, name) : throw new IOException(E("'{0}' is no name of a file.", name));
}
