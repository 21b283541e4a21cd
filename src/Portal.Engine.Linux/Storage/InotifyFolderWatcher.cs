using Portal.Engine.Linux.Interop;
using Portal.Engine.Storage;

namespace Portal.Engine.Linux.Storage;

/// <summary>Watches folders with one inotify instance, of which a user has 128, for any number of folders and readers.</summary>
internal sealed class InotifyFolderWatcher : IFolderWatcher, IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, List<Registration>> _byNumber = [];
    private readonly Inotify _inotify;

    public InotifyFolderWatcher()
    {
        _inotify = new Inotify((number, _) => Signal(number), Signal, SignalAll);
    }

    public IDisposable Watch(string folder, Action changed)
    {
        lock (_lock)
        {
            var number = _inotify.AddWithWrites(folder);
            if (number < 0)
            {
                throw new DirectoryNotFoundException($"There is no folder '{folder}' to watch.");
            }

            var watch = new Registration(this, number, changed);
            if (!_byNumber.TryGetValue(number, out var watches))
            {
                _byNumber[number] = watches = [];
            }

            watches.Add(watch);
            return watch;
        }
    }

    public void Dispose() => _inotify.Dispose();

    private void Remove(Registration watch)
    {
        lock (_lock)
        {
            if (_byNumber.TryGetValue(watch.Number, out var watches) && watches.Remove(watch) && watches.Count == 0)
            {
                _byNumber.Remove(watch.Number);
                _inotify.Remove(watch.Number);
            }
        }
    }

    private void Signal(int number)
    {
        Registration[] watches;
        lock (_lock)
        {
            watches = _byNumber.TryGetValue(number, out var found) ? [.. found] : [];
        }

        foreach (var watch in watches)
        {
            watch.Changed();
        }
    }

    private void SignalAll()
    {
        Registration[] watches;
        lock (_lock)
        {
            watches = [.. _byNumber.Values.SelectMany(list => list)];
        }

        foreach (var watch in watches)
        {
            watch.Changed();
        }
    }

    private sealed class Registration(InotifyFolderWatcher owner, int number, Action changed) : IDisposable
    {
        public int Number { get; } = number;

        public Action Changed { get; } = changed;

        public void Dispose() => owner.Remove(this);
    }
}
