namespace Portal.Engine.Volumes;

/// <summary>Who mounts a volume.</summary>
public interface IVolumeUsers
{
    /// <summary>Ids of the containers, running or not, that mount the volume.</summary>
    IReadOnlyList<string> FindVolumeUsers(string name);

    /// <summary>Ids of those of them that run, are paused, or are starting.</summary>
    IReadOnlyList<string> FindActiveVolumeUsers(string name);

    /// <summary>True for a container that runs, is paused, or is starting.</summary>
    bool IsActive(string containerId);
}
