using Portal.Engine.Volumes.Drivers;

namespace Portal.Testing.Engine;

/// <summary>Volumes' files without owners; roots are fakes, so there is nothing to copy from.</summary>
public sealed class PlainVolumeFiles : IVolumeFiles
{
    public Task CopyAsync(string root, string path, string target, CancellationToken cancellationToken) => Task.CompletedTask;

    public void Adopt(string folder, uint user, uint group)
    {
        // Owners are of the real thing alone.
    }

    public void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public long Measure(string folder)
    {
        return new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
    }
}
