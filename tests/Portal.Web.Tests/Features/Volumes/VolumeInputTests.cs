using Portal.Web.Features.Volumes.Dialogs;

namespace Portal.Web.Tests.Features.Volumes;

public sealed class VolumeInputTests
{
    [Fact]
    public void Check_EachForm_GivesTheOptionsOfTheLocalDriver()
    {
        Assert.Equal("", Options(new VolumeInput()));
        Assert.Equal(
            "device=tmpfs o=size=1g,noexec type=tmpfs",
            Options(new VolumeInput { Form = VolumeForm.Memory, Size = " 1g ", MountOptions = "noexec," }));
        Assert.Equal(
            "device=:/srv/data o=addr=nas,ro type=nfs",
            Options(new VolumeInput { Form = VolumeForm.Nfs, Server = "nas", Path = "/srv/data", MountOptions = "ro" }));
        Assert.Equal("device=/srv o=bind type=none", Options(new VolumeInput { Form = VolumeForm.Bind, Path = "/srv" }));
        Assert.Equal(
            "device=/dev/vdb1 type=ext4", Options(new VolumeInput { Form = VolumeForm.Other, Type = "ext4", Path = "/dev/vdb1" }));
    }

    [Theory]
    [InlineData(VolumeForm.Memory, "Size")]
    [InlineData(VolumeForm.Nfs, "Path Server")]
    [InlineData(VolumeForm.Bind, "Path")]
    [InlineData(VolumeForm.Other, "Path Type")]
    public void Check_NothingFilledIn_TellsOfEveryField(VolumeForm form, string fields)
    {
        var errors = new VolumeInput { Form = form, Size = "" }.Check(out _);

        Assert.Equal(fields, string.Join(' ', errors.Keys.Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("ok-1.x_y", true)]
    [InlineData("", true)]
    [InlineData("x", false)]
    [InlineData("-x", false)]
    [InlineData("a/b", false)]
    [InlineData("ümlaut", false)]
    public void Check_Names_AreThoseOfDocker(string name, bool fits) =>
        Assert.Equal(fits, !new VolumeInput { Name = name }.Check(out _).ContainsKey("Name"));

    [Fact]
    public void Check_Labels_AreOneALine()
    {
        var errors = new VolumeInput { Labels = "team=data\nbare\nwith=a=b\n" }.Check(out var request);
        var bad = new VolumeInput { Labels = "=x" }.Check(out _);

        Assert.Empty(errors);
        Assert.Equal([("bare", ""), ("team", "data"), ("with", "a=b")], request.Labels.Select(label => (label.Key, label.Value)).Order());
        Assert.Equal(["Labels"], bad.Keys);
    }

    private static string Options(VolumeInput input)
    {
        Assert.Empty(input.Check(out var request));
        return string.Join(' ', request.Options.Select(option => $"{option.Key}={option.Value}").Order(StringComparer.Ordinal));
    }
}
