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
        };
    }
}
