using Portal.Web.Features.Files;

namespace Portal.Web.Tests.Features.Files;

public sealed class FilePathsTests
{
    [Theory]
    [InlineData(null, "/")]
    [InlineData("", "/")]
    [InlineData("etc", "/etc")]
    [InlineData("//a/./b/../c//", "/a/c")]
    [InlineData("/../../etc/passwd", "/etc/passwd")]
    [InlineData("/a\0b", "/ab")]
    public void Clean_WhateverAnAddressSays_IsAbsolute(string? path, string expected) => Assert.Equal(expected, FilePaths.Clean(path));

    [Theory]
    [InlineData("/", "x", "/x", "/")]
    [InlineData("/a", "x", "/a/x", "/a")]
    public void JoinAndParent_Names_AreThereAndBack(string folder, string name, string path, string parent) =>
        Assert.Equal((path, parent, name), (FilePaths.Join(folder, name), FilePaths.Parent(path), FilePaths.NameOf(path)));

    [Fact]
    public void Steps_Path_LeadThere() =>
        Assert.Equal([("var", "/var"), ("log", "/var/log"), ("a b", "/var/log/a b")], FilePaths.Steps("/var/log/a b"));

    [Theory]
    [InlineData("name", true)]
    [InlineData(" .hidden ", true)]
    [InlineData("", false)]
    [InlineData("..", false)]
    [InlineData("a/b", false)]
    public void FaultOf_Names_AreTold(string name, bool fits) => Assert.Equal(fits, FilePaths.FaultOf(name) is null);

    [Fact]
    public void FaultOf_MoreThanAFileSystemTakes_IsTold()
    {
        Assert.Null(FilePaths.FaultOf(new string('x', 255)));
        Assert.NotNull(FilePaths.FaultOf(new string('ü', 128)));
    }

    [Theory]
    [InlineData("app-data", "app-data.tar")]
    [InlineData("with \"quotes\" and / more", "with__quotes__and___more.tar")]
    [InlineData("..", "files.tar")]
    public void ArchiveName_AnyName_IsHarmless(string name, string expected) => Assert.Equal(expected, FileDownload.ArchiveName(name));
}
