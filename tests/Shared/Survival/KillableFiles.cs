using Portal.Engine.Storage;

namespace Portal.Testing.Survival;

/// <summary>Files of an engine that dies before one of its writes. Not by <see cref="KillableCalls{T}"/>: spans can't be passed on there.</summary>
public sealed class KillableFiles(IDurableFiles inner, KillSwitch kill) : IDurableFiles
{
    public void WriteAtomically(string path, ReadOnlySpan<byte> content, bool durable = true)
    {
        Ask(Path.GetFileName(path));
        inner.WriteAtomically(path, content, durable);
    }

    public void Publish(string temporaryPath, string path)
    {
        Ask(Path.GetFileName(path));
        inner.Publish(temporaryPath, path);
    }

    public void FlushFolder(string path) => inner.FlushFolder(path);

    private void Ask(string file)
    {
        if (!kill.Allows(file))
        {
            kill.HangAsync<int>().GetAwaiter().GetResult();
        }
    }
}
