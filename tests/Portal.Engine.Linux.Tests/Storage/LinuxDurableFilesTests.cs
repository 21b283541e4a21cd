using Portal.Engine.Linux.Storage;

namespace Portal.Engine.Linux.Tests.Storage;

public sealed class LinuxDurableFilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-durable-");
    private readonly LinuxDurableFiles _files = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WriteAtomically_ExistingFile_ReplacesItAndLeavesNothingElse(bool durable)
    {
        var path = Path.Combine(_folder.FullName, "state.json");
        File.WriteAllText(path, "old");

        _files.WriteAtomically(path, "new"u8, durable);

        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.FullName));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void WriteAtomically_TargetIsAFolder_ThrowsAndLeavesNoTemporaryFile()
    {
        var path = Path.Combine(_folder.FullName, "state.json");
        Directory.CreateDirectory(path);

        Assert.ThrowsAny<Exception>(() => _files.WriteAtomically(path, "new"u8));

        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.FullName));
    }

    [Fact]
    public void Publish_FinishedFile_IsVisibleUnderItsNameOnly()
    {
        var temporary = Path.Combine(_folder.FullName, "temporary");
        var path = Path.Combine(_folder.FullName, "name");
        File.WriteAllText(temporary, "content");

        _files.Publish(temporary, path);

        Assert.Equal("content", File.ReadAllText(path));
        Assert.False(File.Exists(temporary));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
