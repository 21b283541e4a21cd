using Google.Protobuf.WellKnownTypes;
using Portal.Contracts.Volumes.V1;
using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Volumes;
using Portal.Engine.Volumes.Backups;
using EngineFile = Portal.Engine.Volumes.Contents.VolumeFile;
using EngineKind = Portal.Engine.Volumes.Contents.VolumeFileKind;
using EngineProgress = Portal.Engine.Volumes.Backups.VolumeTransferProgress;

namespace Portal.Agent.Services.Volumes;

/// <summary>Volumes between the engine's types and the contract's.</summary>
internal static class VolumeMapping
{
    public static Volume ToVolume(VolumeInfo volume, IReadOnlyDictionary<string, ContainerInfo> containers)
    {
        var message = new Volume
        {
            Name = volume.Name,
            Driver = volume.Driver,
            Mountpoint = volume.Mountpoint,
            CreatedAt = Timestamp.FromDateTimeOffset(volume.Created),
            Anonymous = volume.IsAnonymous,
            Mounted = volume.IsMounted,
            MeasuredAt = Mapping.ToTimestamp(volume.Size?.Measured),
        };
        if (volume.Size is { } size)
        {
            message.SizeBytes = size.Bytes;
        }

        message.Options.Add(volume.Options.ToDictionary());
        message.Labels.Add(volume.Labels.ToDictionary());
        message.Users.AddRange(volume.Users.Select(id => ToUser(id, volume.Name, containers.GetValueOrDefault(id))));
        return message;
    }

    public static VolumeFile ToFile(EngineFile file) => new()
    {
        Name = file.Name,
        Kind = file.Kind switch
        {
            EngineKind.File => VolumeFileKind.File,
            EngineKind.Folder => VolumeFileKind.Folder,
            EngineKind.Link => VolumeFileKind.Link,
            _ => VolumeFileKind.Special,
        },
        SizeBytes = file.Size,
        Mode = (uint)file.Mode,
        ModifiedAt = Timestamp.FromDateTimeOffset(file.Modified),
        UserId = file.UserId,
        GroupId = file.GroupId,
        LinkTarget = file.LinkTarget,
    };

    public static VolumeUserHandling ToHandling(UserHandling handling) => handling switch
    {
        UserHandling.Unspecified => VolumeUserHandling.Leave,
        UserHandling.Pause => VolumeUserHandling.Pause,
        UserHandling.Stop => VolumeUserHandling.Stop,
        _ => throw EngineException.InvalidArgument(
            $"This node knows no way {(int)handling} to handle containers. Is it older than the portal?"),
    };

    public static VolumeRestore ToRestore(RestoreTarget target) => new()
    {
        Volume = target.Volume,
        Create = target.Create,
        Replace = target.Replace,
        Users = ToHandling(target.Users),
        Digest = target.ArchiveDigest,
    };

    public static Contracts.Volumes.V1.VolumeTransferProgress ToProgress(EngineProgress news)
    {
        // The contract's values are the engine's plus one, because 0 means unset there.
        var message = new Contracts.Volumes.V1.VolumeTransferProgress
        {
            Phase = (Contracts.Volumes.V1.VolumeTransferPhase)((int)news.Phase + 1), Entries = news.Entries, Bytes = news.Bytes,
        };
        if (news.TotalBytes is { } total)
        {
            message.TotalBytes = total;
        }

        message.HeldContainers.AddRange(news.Held);
        return message;
    }

    public static BackupSummary ToSummary(VolumeArchived made)
    {
        var summary = new BackupSummary
        {
            Entries = made.Entries,
            Bytes = made.Bytes,
            ArchiveBytes = made.ArchiveBytes,
            ArchiveDigest = made.Digest,
            LeftOutCount = made.LeftOutCount,
        };
        summary.LeftOut.AddRange(made.LeftOut);
        return summary;
    }

    private static VolumeUser ToUser(string id, string volume, ContainerInfo? container)
    {
        var user = new VolumeUser { ContainerId = id };
        if (container?.Mounts.FirstOrDefault(mount => mount.Type == "volume" && mount.Name == volume) is { } mount)
        {
            user.Name = container.Name;
            user.Running = container.State is ContainerState.Running or ContainerState.Paused;
            user.Destination = mount.Destination;
            user.ReadOnly = !mount.Writable;
        }

        return user;
    }
}
