using Google.Protobuf.WellKnownTypes;
using Portal.Contracts.Volumes.V1;
using Portal.Engine.Containers;
using Portal.Engine.Volumes;
using EngineFile = Portal.Engine.Volumes.Contents.VolumeFile;
using EngineKind = Portal.Engine.Volumes.Contents.VolumeFileKind;

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
