using Portal.Engine.Errors;
using Portal.Engine.Volumes.Drivers;
using Portal.Engine.Volumes.Mounts;

namespace Portal.Testing.Engine;

/// <summary>A host where nothing can be mounted: volumes without options need nothing of it.</summary>
public sealed class NoVolumeMounter : IVolumeMounter
{
    public bool IsMounted(string folder) => false;

    public void Mount(LocalMount mount, string folder, IReadOnlyList<string>? allowedPaths) =>
        throw EngineException.InvalidArgument($"Nothing can be mounted at '{folder}' here.");

    public void MountSubpath(string folder, string subpath, string target) =>
        throw EngineException.InvalidArgument($"Nothing can be mounted at '{target}' here.");

    public void Unmount(string folder)
    {
    }
}
