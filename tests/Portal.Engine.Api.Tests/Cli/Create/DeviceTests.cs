namespace Portal.Engine.Api.Tests.Cli.Create;

/// <summary>Devices, also those of other makers.</summary>
public sealed class DeviceTests(EngineFixture engine) : CreateTestBase(engine)
{
    [Fact]
    public async Task Devices_Mapped_AreThereWithTheirPermissions()
    {
        await using var box = await BoxAsync("--device", "/dev/kmsg:/dev/log-of-host:r", "--device-cgroup-rule", "c 1:9 r");
        await using var ruled = await BoxAsync("--cap-add", "SYSLOG", "--device-cgroup-rule", "c 1:11 r");
        await using var plain = await BoxAsync("--cap-add", "SYSLOG");

        Assert.Equal("1:b", await box.ShellAsync("stat -c %t:%T /dev/log-of-host"));
        Assert.Contains("Operation not permitted", await box.ShellAsync("(echo x > /dev/log-of-host) 2>&1; true"));
        Assert.Equal("open", await ruled.ShellAsync("mknod /tmp/k c 1 11; (: < /tmp/k) 2>&1 && echo open"));
        Assert.Contains("Operation not permitted", await plain.ShellAsync("mknod /tmp/k c 1 11; (: < /tmp/k) 2>&1; true"));
        Assert.Equal("[{/dev/kmsg /dev/log-of-host r}] [c 1:9 r]",
            await box.InspectAsync("{{.HostConfig.Devices}} {{.HostConfig.DeviceCgroupRules}}"));
    }

    [Fact]
    public async Task Devices_Missing_AreDockersErrorAtTheStart()
    {
        var result = await Docker.RunAsync("run", "--rm", "--device", "/dev/no-such", "busybox", "true");

        Assert.Equal(127, result.ExitCode);
        Assert.Contains("error gathering device information while adding custom device \"/dev/no-such\": no such file or directory",
            result.Error);
    }

    [Fact]
    public async Task Gpus_WithoutAny_NamesWhatIsMissing()
    {
        var result = await Docker.RunAsync("run", "--rm", "--gpus", "all", "busybox", "true");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("could not select device driver \"\" with capabilities: [[gpu]]", result.Error);
        Assert.Contains("nvidia.com/gpu", result.Error);
        Assert.Contains("NVIDIA Container Toolkit", result.Error);
    }

    [Fact]
    public async Task CdiDevices_OfASpecification_AreThere()
    {
        var folder = Directory.CreateDirectory(Engine.Instance.TempPath("cdi")).FullName;
        File.WriteAllText(
            Path.Combine(folder, "vendor.yaml"),
            """
            cdiVersion: "0.6.0"
            kind: example.com/harmless
            devices:
            - name: one
              containerEdits:
                env: [ "HARMLESS=one" ]
                deviceNodes:
                - { path: /dev/harmless, hostPath: /dev/zero, permissions: r }
                mounts:
                - { hostPath: /etc/hostname, containerPath: /vendor/name, options: [ ro, bind ] }
            """);
        await using var box = await BoxAsync("--device", "example.com/harmless=one");

        Assert.Equal("3", await box.ShellAsync("head -c 3 /dev/harmless | wc -c"));
        Assert.Equal("one", await box.ShellAsync("tr '\\0' '\\n' < /proc/1/environ | grep HARMLESS | cut -d = -f 2"));
        Assert.Equal(File.ReadAllText("/etc/hostname").Trim(), await box.ShellAsync("cat /vendor/name"));
        Assert.Equal(
            "cdi [example.com/harmless=one]",
            await box.InspectAsync("{{with index .HostConfig.DeviceRequests 0}}{{.Driver}} {{.DeviceIDs}}{{end}}"));
        var missing = await Docker.RunAsync("run", "--rm", "--device", "example.com/harmless=two", "busybox", "true");
        Assert.Contains("unresolvable CDI devices example.com/harmless=two", missing.Error);
    }

    [Fact]
    public async Task Gpus_OfTheToolkitsSpecification_AreThoseThatAreAskedFor()
    {
        var folder = Directory.CreateDirectory(Engine.Instance.TempPath("cdi")).FullName;
        var path = Path.Combine(folder, "gpus.json");
        File.WriteAllText(
            path,
            """
            {
              "cdiVersion": "0.6.0", "kind": "nvidia.com/gpu",
              "devices": [
                { "name": "0", "containerEdits": { "env": [ "SEEN=0" ], "deviceNodes": [ { "path": "/dev/gpu0", "hostPath": "/dev/zero" } ] } },
                { "name": "1", "containerEdits": { "env": [ "SEEN=1" ], "deviceNodes": [ { "path": "/dev/gpu1", "hostPath": "/dev/zero" } ] } },
                { "name": "all", "containerEdits": { "env": [ "SEEN=all" ], "deviceNodes": [
                  { "path": "/dev/gpu0", "hostPath": "/dev/zero" }, { "path": "/dev/gpu1", "hostPath": "/dev/zero" } ] } }
              ]
            }
            """);
        try
        {
            const string Look = "echo $SEEN $(ls /dev | grep gpu); head -c 2 /dev/gpu1 | wc -c";
            Assert.Equal("all gpu0 gpu1\n2", await Docker.GetAsync("run", "--rm", "--gpus", "all", "busybox", "sh", "-c", Look));
            Assert.Equal("1 gpu1\n2", await Docker.GetAsync("run", "--rm", "--gpus", "device=1", "busybox", "sh", "-c", Look));
            Assert.Equal("0 gpu0", await Docker.GetAsync("run", "--rm", "--gpus", "1", "busybox", "sh", "-c", "echo $SEEN $(ls /dev | grep gpu)"));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
