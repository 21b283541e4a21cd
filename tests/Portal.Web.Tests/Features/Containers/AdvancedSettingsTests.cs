using Portal.Contracts.Containers.V1;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Containers.Create;

namespace Portal.Web.Tests.Features.Containers;

public sealed class AdvancedSettingsTests
{
    [Fact]
    public void Check_AllFilledIn_IsInTheRequest()
    {
        var errors = Check(
            new AdvancedSettings
            {
                Hostname = "box", Domainname = "example.org", User = "1000:1000", WorkingDirectory = "/srv", Labels = "a=b\nc",
                Volumes = "data:/data\nlogs:/logs:ro", Tmpfs = "/t\n/u:64", ShmMebibytes = "128", PidsLimit = "50", CpusetCpus = "0-1",
                Ulimits = "nofile=1024:4096\ncore=-1", Sysctls = "net.core.somaxconn=99", CapabilitiesToAdd = "NET_ADMIN, SYS_TIME",
                CapabilitiesToDrop = "ALL", Devices = "/dev/null\n/dev/kmsg:/dev/k:r\nvendor.com/class=one", Gpus = "all",
                Dns = "10.0.0.53 10.0.0.54", DnsSearch = "example.org", ExtraHosts = "db:10.0.0.7\nhere:host-gateway\nsix:::1",
                PidMode = "host", IpcMode = "container:x", UsernsMode = " host ", StopSignal = "USR1", StopSeconds = "0", Privileged = true,
                NoNewPrivileges = true,
                ReadOnlyRoot = true, Init = true,
            },
            out var request);

        Assert.Empty(errors);
        Assert.Equal(
            ("box", "example.org", "1000:1000", "/srv"),
            (request.Hostname, request.Domainname, request.User, request.WorkingDirectory));
        Assert.Equal(("b", ""), (request.Labels["a"], request.Labels["c"]));
        Assert.Equal(
            [
                new Mount { Type = "volume", Source = "data", Target = "/data" },
                new Mount { Type = "volume", Source = "logs", Target = "/logs", ReadOnly = true },
                new Mount { Type = "tmpfs", Target = "/t" },
                new Mount { Type = "tmpfs", Target = "/u", SizeBytes = 64 << 20 },
            ],
            request.Mounts);
        Assert.Equal((128 << 20, 50, "0-1"), (request.ShmSizeBytes, request.Resources.PidsLimit, request.Resources.CpusetCpus));
        Assert.Equal(
            [new Ulimit { Name = "nofile", Soft = 1024, Hard = 4096 }, new Ulimit { Name = "core", Soft = -1, Hard = -1 }],
            request.Ulimits);
        Assert.Equal("99", request.Sysctls["net.core.somaxconn"]);
        Assert.Equal(["NET_ADMIN", "SYS_TIME"], request.CapabilitiesToAdd);
        Assert.Equal(["/dev/null", "/dev/kmsg"], request.Devices.Select(device => device.PathOnHost));
        Assert.Equal(["vendor.com/class=one"], request.CdiDevices);
        Assert.Equal(
            (-1, "host", "container:x", "USR1", 0),
            (request.Gpus, request.PidMode, request.IpcMode, request.StopSignal, request.StopTimeoutSeconds));
        Assert.Equal("host", request.UsernsMode);
        Assert.Equal(["10.0.0.53", "10.0.0.54"], request.Dns);
        Assert.Equal(3, request.ExtraHosts.Count);
        Assert.True(request is { Privileged: true, ReadOnlyRoot: true, Init: true });
        Assert.Equal(["no-new-privileges"], request.SecurityOptions);
    }

    [Fact]
    public void Check_NothingFilledIn_AsksForNothingOfTheHost()
    {
        Assert.Empty(Check(new AdvancedSettings(), out var request));

        Assert.Empty(HostAccess.NeededBy(request));
        Assert.False(request.HasStopTimeoutSeconds);
    }

    [Theory]
    [InlineData(nameof(AdvancedSettings.Volumes), "/host:/in")]
    [InlineData(nameof(AdvancedSettings.Volumes), "name:relative")]
    [InlineData(nameof(AdvancedSettings.Volumes), "name:/in:rshared")]
    [InlineData(nameof(AdvancedSettings.Tmpfs), "relative")]
    [InlineData(nameof(AdvancedSettings.Tmpfs), "/t:0")]
    [InlineData(nameof(AdvancedSettings.Ulimits), "nofile")]
    [InlineData(nameof(AdvancedSettings.Ulimits), "nofile=1:2:3")]
    [InlineData(nameof(AdvancedSettings.Ulimits), "nofile=-2")]
    [InlineData(nameof(AdvancedSettings.Sysctls), "net.core.somaxconn")]
    [InlineData(nameof(AdvancedSettings.Devices), "dev/null")]
    [InlineData(nameof(AdvancedSettings.Devices), "/dev/null:/dev/x:rx")]
    [InlineData(nameof(AdvancedSettings.Gpus), "some")]
    [InlineData(nameof(AdvancedSettings.Gpus), "0")]
    [InlineData(nameof(AdvancedSettings.CapabilitiesToAdd), "NET-ADMIN")]
    [InlineData(nameof(AdvancedSettings.Dns), "localhost")]
    [InlineData(nameof(AdvancedSettings.ExtraHosts), "db")]
    [InlineData(nameof(AdvancedSettings.ExtraHosts), "db:nowhere")]
    [InlineData(nameof(AdvancedSettings.Hostname), "two words")]
    [InlineData(nameof(AdvancedSettings.WorkingDirectory), "srv")]
    [InlineData(nameof(AdvancedSettings.PidsLimit), "0")]
    [InlineData(nameof(AdvancedSettings.ShmMebibytes), "much")]
    [InlineData(nameof(AdvancedSettings.CpusetCpus), "all")]
    [InlineData(nameof(AdvancedSettings.StopSeconds), "-1")]
    [InlineData(nameof(AdvancedSettings.Labels), "=x")]
    public void Check_Unusable_IsToldBesideItsField(string field, string text)
    {
        var settings = new AdvancedSettings();
        typeof(AdvancedSettings).GetProperty(field)!.SetValue(settings, text);

        Assert.Equal([field], Check(settings, out _).Keys);
    }

    private static Dictionary<string, string> Check(AdvancedSettings settings, out CreateContainerRequest request)
    {
        var errors = new Dictionary<string, string>();
        request = new CreateContainerRequest { Resources = new Resources() };
        settings.Check(errors, request);
        return errors;
    }
}
