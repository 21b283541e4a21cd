using Portal.Engine.Errors;
using Portal.Engine.Volumes.Mounts;

namespace Portal.Engine.Tests.Volumes;

public sealed class LocalOptionsTests
{
    [Fact]
    public void Parse_NoOptions_MountsNothing()
    {
        Assert.Null(LocalOptions.Parse(new Dictionary<string, string>(), LocalOptions.DefaultTypes));
    }

    [Fact]
    public void Parse_Memory_HasFlagsAndData()
    {
        var mount = Parse("tmpfs", "tmpfs", "size=10m,mode=0700,uid=1000,nosuid,ro,rw,noexec");

        Assert.Equal(["size=10m", "mode=0700", "uid=1000"], mount.Data);
        Assert.Equal(VolumeMountFlags.NoSetUserId | VolumeMountFlags.NoExecution, mount.Flags);
        Assert.True(mount.IsMemory);
    }

    [Fact]
    public void Parse_Bind_IsOneWhateverItsOrder()
    {
        var mount = Parse("none", "/srv", "ro,rbind");

        Assert.True(mount.IsBind);
        Assert.Equal(VolumeMountFlags.Bind | VolumeMountFlags.Recursive | VolumeMountFlags.ReadOnly, mount.Flags);
    }

    [Fact]
    public void Parse_Nfs_HasItsServerApart()
    {
        var mount = Parse("nfs", ":/export/a", "addr=10.0.0.1,nfsvers=4.2,rw,soft,timeo=50");

        Assert.Equal(("10.0.0.1", true), (mount.Server, mount.IsRemote));
        Assert.Equal(["nfsvers=4.2", "soft", "timeo=50"], mount.Data);
        Assert.Equal("", Parse("nfs4", "server.example.com:/a", "").Server);
        Assert.Equal("", Parse("nfs4", "[fd00::1]:/a", "").Server);
    }

    [Theory]
    [InlineData("invalid option: \"typ\"", "typ=tmpfs")]
    [InlineData("missing required option: \"device\"", "type=tmpfs")]
    [InlineData("missing required option: \"type\"", "device=/srv")]
    [InlineData("missing required option: \"device\"", "o=size=1m")]
    [InlineData("quota size requested but no quota support", "size=1m")]
    public void Parse_WrongKeys_AreToldAsDockerDoes(string message, string options)
    {
        var given = options.Split('|').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

        var failure = Assert.Throws<EngineException>(() => LocalOptions.Parse(given, LocalOptions.DefaultTypes));

        Assert.Equal((EngineErrorKind.InvalidArgument, message), (failure.Kind, failure.Message));
    }

    [Theory]
    [InlineData("tmpfs", "tmpfs", "size=1m;x")]
    [InlineData("tmpfs", "tmpfs", "size=")]
    [InlineData("tmpfs", "tmpfs", "mode=0999")]
    [InlineData("tmpfs", "tmpfs", "lowerdir=/etc")]
    [InlineData("tmpfs", "tmpfs", "addr=1.2.3.4")]
    [InlineData("tmpfs", "tm\npfs", "")]
    [InlineData("tmpfs", "", "")]
    [InlineData("tmpfs", "/etc", "bind")]
    [InlineData("ext4", "/etc", "bind")]
    [InlineData("none", "/srv", "")]
    [InlineData("none", "srv", "bind")]
    [InlineData("none", "../srv", "bind")]
    [InlineData("none", "/srv", "bind,size=1m")]
    [InlineData("none", "/srv", "bind,addr=1.2.3.4")]
    [InlineData("nfs", ":/a", "")]
    [InlineData("nfs", "/a", "addr=10.0.0.1")]
    [InlineData("nfs", ":/a", "addr=10.0.0.1 x")]
    [InlineData("nfs", ":/a", "addr=a/b")]
    [InlineData("nfs", ":/a", "addr=10.0.0.1,fsc=/x")]
    [InlineData("nfs", ":/a", "addr=10.0.0.1,nfsvers=9")]
    [InlineData("nfs", ":/a", "addr=10.0.0.1,context=system")]
    [InlineData("ext4", "sda1", "")]
    [InlineData("ext4", "/dev/sda1", "journal_path=/dev/sdb")]
    [InlineData("ext4", "/dev/sda1", "data=ordered/x")]
    [InlineData("xfs", "/dev/sda1", "logdev=sdb")]
    [InlineData("btrfs", "/dev/sda1", "device=sdb")]
    [InlineData("ext4", "/dev/sda1", "loop")]
    public void Parse_WhatIsNotKnown_IsRefused(string type, string device, string options)
    {
        Assert.Equal(
            EngineErrorKind.InvalidArgument, Assert.Throws<EngineException>(() => Parse(type, device, options)).Kind);
    }

    [Theory]
    [InlineData("overlay")]
    [InlineData("proc")]
    [InlineData("sysfs")]
    [InlineData("cgroup2")]
    [InlineData("devtmpfs")]
    [InlineData("fuse")]
    [InlineData("TMPFS")]
    [InlineData("nfs ")]
    public void Parse_TypeThatIsNotAllowed_IsForbidden(string type)
    {
        Assert.Equal(EngineErrorKind.Forbidden, Assert.Throws<EngineException>(() => Parse(type, "x", "")).Kind);
    }

    [Fact]
    public void Parse_TypeThatTheAdministratorTookAway_IsForbidden()
    {
        var bind = new Dictionary<string, string> { ["type"] = "none", ["device"] = "/srv", ["o"] = "bind" };

        Assert.Equal(EngineErrorKind.Forbidden, Assert.Throws<EngineException>(() => LocalOptions.Parse(bind, ["tmpfs"])).Kind);
    }

    [Fact]
    public void Parse_Disk_TakesItsOwnOptions()
    {
        Assert.Equal(["data=ordered", "commit=30"], Parse("ext4", "/dev/sdb1", "noatime,data=ordered,commit=30").Data);
    }

    private static LocalMount Parse(string type, string device, string options) => LocalOptions.Parse(
        new Dictionary<string, string> { ["type"] = type, ["device"] = device, ["o"] = options }, LocalOptions.DefaultTypes)!;
}
