using Portal.Engine.Linux.Runtime;

namespace Portal.Engine.Linux.Tests.Runtime;

public sealed class ProcessFolderTests : IDisposable
{
    private readonly DirectoryInfo _run = Directory.CreateTempSubdirectory("portal-process-folder-");

    private ProcessFolder Container => new(Path.Combine(_run.FullName, "c", "one"));

    private ProcessFolder Exec => new(Path.Combine(Container.Root, "e", "two"));

    public void Dispose() => _run.Delete(recursive: true);

    [Fact]
    public void TryMakeIn_ContainerThatIsThere_MakesTheFolderForItsOwnerAlone()
    {
        Container.Make();

        Assert.True(Exec.TryMakeIn(Container));
        Assert.True(Exec.TryMakeIn(Container));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Exec.Root));
    }

    [Fact]
    public void TryMakeIn_ContainerThatWasRemoved_DoesNotBringItsFolderBack()
    {
        Container.Make();
        Container.Remove();

        Assert.False(Exec.TryMakeIn(Container));

        Assert.False(Container.Exists);
    }
}
