using Portal.Engine.Storage;

namespace Portal.Testing.Engine;

/// <summary>Says every few milliseconds that something may have changed, which the contract allows.</summary>
public sealed class PollingFolderWatcher : IFolderWatcher
{
    public IDisposable Watch(string folder, Action changed)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException(folder);
        }

        return new Timer(_ => changed(), null, 0, 5);
    }
}
