using Portal.Engine.Api.Routing;
using Portal.Engine.Api.Volumes.Models;
using Portal.Engine.Volumes;

namespace Portal.Engine.Api.Volumes;

/// <summary>Volumes in Docker's shape.</summary>
internal static class VolumeViews
{
    public static VolumeModel Model(VolumeInfo volume)
    {
        return new VolumeModel
        {
            CreatedAt = GoTime.Format(volume.Created),
            Driver = volume.Driver,
            Labels = new Dictionary<string, string>(volume.Labels),
            Mountpoint = volume.Mountpoint,
            Name = volume.Name,
            Options = volume.Options.Count == 0 ? null : new Dictionary<string, string>(volume.Options),
        };
    }

    /// <summary>With its size; -1, as Docker has it, where none is known.</summary>
    public static VolumeModel Sized(VolumeInfo volume)
    {
        return Model(volume) with { UsageData = new VolumeUsageModel(volume.Size?.Bytes ?? -1, volume.Users.Count) };
    }
}
