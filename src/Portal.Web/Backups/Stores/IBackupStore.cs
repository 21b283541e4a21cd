namespace Portal.Web.Backups.Stores;

/// <summary>
/// Where backups are kept. A name has no folders; a backup is there whole or not at all, and none is ever written over another.
/// </summary>
internal interface IBackupStore : IDisposable
{
    /// <summary>Where that is, for people; without secrets.</summary>
    string Place { get; }

    /// <summary>Writes a backup.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="write">Writes its bytes; when it throws, nothing is left.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="IOException">It can't be written, or one of that name is there.</exception>
    Task<StoredBackup> WriteAsync(string name, Func<DigestStream, Task> write, CancellationToken cancellationToken);

    /// <exception cref="IOException">It is not there, or can't be read.</exception>
    Task<Stream> OpenAsync(string name, CancellationToken cancellationToken);

    /// <summary>Removes a backup; one that is not there is removed already.</summary>
    Task RemoveAsync(string name, CancellationToken cancellationToken);

    /// <summary>The names that are there, in their order.</summary>
    Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken);
}
