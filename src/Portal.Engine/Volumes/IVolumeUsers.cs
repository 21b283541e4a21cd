namespace Portal.Engine.Volumes;

/// <summary>Who mounts a volume.</summary>
public interface IVolumeUsers
{
    /// <summary>Ids of the containers, running or not, that mount the volume.</summary>
    IReadOnlyList<string> FindVolumeUsers(string name);
}
