namespace Portal.Engine.Volumes.Drivers;

/// <summary>Opens the trees of volumes.</summary>
public interface IVolumeTrees
{
    /// <summary>Opens the folder that holds a volume's files.</summary>
    IVolumeTree Open(string folder);
}
