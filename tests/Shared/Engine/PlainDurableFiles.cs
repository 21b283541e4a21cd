using Portal.Engine.Storage;

namespace Portal.Testing.Engine;

/// <summary>Atomic by rename, without waiting for a disk.</summary>
public sealed class PlainDurableFiles : IDurableFiles
{
    /// <summary>Called before each write with the path; may throw, as a full disk does.</summary>
    public Action<string> OnWrite { get; set; } = _ => { };

    public void WriteAtomically(string path, ReadOnlySpan<byte> content, bool durable = true)
    {
        OnWrite(path);
        var temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        File.WriteAllBytes(temporary, content);
        File.Move(temporary, path, overwrite: true);
    }

    public void Publish(string temporaryPath, string path) => File.Move(temporaryPath, path, overwrite: true);

    public void FlushFolder(string path)
    {
    }
}
