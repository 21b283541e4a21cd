using Portal.Engine.Storage;

namespace Portal.Engine.Tests.Networks;

/// <summary>Writes without waiting for the disk; what is durable is tested with the Linux implementation.</summary>
internal sealed class PlainFiles : IDurableFiles
{
    public void WriteAtomically(string path, ReadOnlySpan<byte> content, bool durable = true) => File.WriteAllBytes(path, content);

    public void Publish(string temporaryPath, string path) => File.Move(temporaryPath, path, overwrite: true);

    public void FlushFolder(string path)
    {
    }
}
