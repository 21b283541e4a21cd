using Portal.Data.Entities.Backups;
using Portal.Web.Backups.S3;
using Portal.Web.Backups.Stores;
using Portal.Web.Security.Outgoing;

namespace Portal.Web.Features.Backups.Making;

/// <summary>Opens destinations. Storages are reached as all else that people entered: none in private networks that are not allowed.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class BackupStores(DestinationSecrets secrets, OutgoingConnections outgoing, TimeProvider time)
{
    /// <exception cref="Portal.Data.Backups.BackupException">Its secret can't be read.</exception>
    public IBackupStore Open(BackupDestination destination)
    {
        var settings = DestinationSettings.Parse(destination.Settings);
        if (destination.Kind == DestinationKind.Folder)
        {
            return new FolderStore(settings.Folder);
        }

        var credentials = new S3Credentials(settings.AccessKey, secrets.KeyOf(destination, settings));
        var http = outgoing.CreateClient();
        http.Timeout = Timeout.InfiniteTimeSpan;
        return new S3Store(new S3Client(settings.BucketOf(), credentials, http, time), settings.Bucket, settings.Prefix);
    }
}
