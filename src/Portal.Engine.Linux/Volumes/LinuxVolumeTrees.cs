using Portal.Engine.Linux.Interop;
using Portal.Engine.Volumes.Drivers;

namespace Portal.Engine.Linux.Volumes;

/// <inheritdoc cref="IVolumeTrees"/>
internal sealed class LinuxVolumeTrees : IVolumeTrees
{
    public IVolumeTree Open(string folder) => new VolumeTree(FileCalls.OpenFolder(folder));
}
